export { sendChunks } from '@typewire/core/internal/callee';
