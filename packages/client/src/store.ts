export { type CallState, CallStore, type CallStoreOptions, callStore, type StoredCall } from './store/call-store.ts';
export {
  type ChannelState,
  ChannelStore,
  type ChannelStoreOptions,
  channelStore,
  type StoredChannel,
} from './store/channel-store.ts';
export type { LoggedEvents, StoredGap } from './store/event-log.ts';
export type { StreamStatus } from './store/followed-stream.ts';
export { pathOf } from './store/path-of.ts';
export { type OwnPresence, PresenceState } from './store/presence-state.ts';
export {
  PresenceStore,
  type PresenceStoreOptions,
  type PresentChannel,
  presenceStore,
} from './store/presence-store.ts';
export { type SharedChannelOptions, sharedChannel } from './store/shared-channel.ts';
export { type SharedPresenceOptions, sharedPresence } from './store/shared-presence.ts';
export { sharedStatus } from './store/shared-status.ts';
export { type SharedStreamOptions, sharedStream } from './store/shared-stream.ts';
export { type OrSkip, type Skip, skip } from './store/skip.ts';
export { type StatusSource, StatusStore, statusStore } from './store/status-store.ts';
export type { Store } from './store/store.ts';
export {
  type StoredStream,
  type StreamState,
  StreamStore,
  type StreamStoreOptions,
  streamStore,
} from './store/stream-store.ts';
export { valueKey } from './store/value-key.ts';
