export { decodeBinary } from '@typewire/core/internal';
