export {
  CallError,
  type CallErrorCode,
  type CallPromise,
  type Delivery,
  type HistoryPage,
  type InferErrors,
  type InferInput,
  type InferOutput,
  type ItemStream,
  isCallError,
  type Position,
  type SafeResult,
  type SubscribeOutcome,
  safe,
  UsageError,
  type ValidationIssue,
} from '@typewire/core';
export type { Api, ChannelApi, DuplexApi, MutationApi, QueryApi, StreamApi, UploadApi } from './api.ts';
export type { Client, CreateClient } from './client.ts';
export { createClient } from './create-client.ts';
export type { CalleeArguments, CalleeFail, CalleeHandlers } from './handlers/callee-handlers.ts';
export type {
  CallOptions,
  ClientOptions,
  ContractClientOptions,
  HandlerOptions,
  HistoryOptions,
  MutateOptions,
  PublishOptions,
  StreamOptions,
  UploadOptions,
} from './options.ts';
export { preload } from './parts.ts';
export type { Presence, PresenceListeners } from './presence/presence.ts';
export { fullJitter, type RetryDelay } from './reconnect.ts';
export { ConnectionError, type ConnectionState, type ConnectionStatus } from './status.ts';
export { type CallState, CallStore, type CallStoreOptions, callStore, type StoredCall } from './store/call-store.ts';
export {
  type ChannelState,
  ChannelStore,
  type ChannelStoreOptions,
  channelStore,
  type StoredChannel,
} from './store/channel-store.ts';
export type { StoredGap } from './store/event-log.ts';
export { type OwnPresence, PresenceState } from './store/presence-state.ts';
export {
  PresenceStore,
  type PresenceStoreOptions,
  type PresentChannel,
  presenceStore,
} from './store/presence-store.ts';
export { type StatusSource, StatusStore, statusStore } from './store/status-store.ts';
export type { Store } from './store/store.ts';
export {
  type StoredStream,
  type StreamState,
  StreamStore,
  type StreamStoreOptions,
  streamStore,
} from './store/stream-store.ts';
export {
  type SubscribeOptions,
  Subscription,
  type SubscriptionListeners,
  type SubscriptionState,
  type SubscriptionStatus,
} from './subscription.ts';
