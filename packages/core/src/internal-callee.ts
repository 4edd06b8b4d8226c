// For the sibling packages: may change with any version. Apart from `internal`, as most clients never load it.

export { IncomingCall } from './calls/incoming-call.ts';
export { IncomingCalls } from './calls/incoming-calls.ts';
export { ItemPace } from './calls/item-pace.ts';
export { sendItems } from './calls/send-items.ts';
export { Upload } from './calls/upload.ts';
