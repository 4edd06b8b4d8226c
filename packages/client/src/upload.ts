export { Upload } from '@typewire/core/internal/callee';
