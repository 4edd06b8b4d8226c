export {
  type CallState,
  type CallStoreOptions,
  type ChannelState,
  type OwnPresence,
  type PresenceState,
  type SharedChannelOptions,
  type SharedPresenceOptions,
  type SharedStreamOptions,
  type Skip,
  type StoredCall,
  type StreamState,
  type StreamStatus,
  skip,
} from '@typewire/client/store';
export type { Refs } from './refs.ts';
export { type UsedCall, useCall } from './use-call.ts';
export { type UsedPresence, usePresence } from './use-presence.ts';
export { useStatus } from './use-status.ts';
export { type UsedStream, useStream } from './use-stream.ts';
export { type UsedSubscription, useSubscription } from './use-subscription.ts';
