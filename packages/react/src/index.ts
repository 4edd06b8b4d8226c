export {
  type CallState,
  type CallStoreOptions,
  type ChannelState,
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
export { type UsedCall, useCall } from './use-call.ts';
export { usePresence } from './use-presence.ts';
export { useStatus } from './use-status.ts';
export { useStream } from './use-stream.ts';
export { useSubscription } from './use-subscription.ts';
