// For the sibling packages: may change with any version.

export { CallTable } from './calls/call-table.ts';
export { Caller, type CallerHost, type CallSettings, notSent } from './calls/caller.ts';
export type { AbortReason, IncomingCall } from './calls/incoming-call.ts';
export type { IncomingCalls } from './calls/incoming-calls.ts';
export type { PaceHost } from './calls/item-pace.ts';
export { ItemStream } from './calls/item-stream.ts';
export { type CallObserver, OutgoingCall, type OutgoingRequest } from './calls/outgoing-call.ts';
export { carryDeadline, remainingMsOf } from './calls/remaining-time.ts';
export type { Room } from './calls/room.ts';
export type { ChunkHost } from './calls/send-chunks.ts';
export { StreamReader } from './calls/stream-reader.ts';
export type { Upload, UploadSource } from './calls/upload.ts';
export { HistoryRequest } from './channels/history-request.ts';
export { readPosition } from './channels/position.ts';
export { PublishRequest } from './channels/publish-request.ts';
export { SubscriptionTable } from './channels/subscription-table.ts';
export { topicName } from './channels/topic.ts';
export type { TopicCompanion } from './channels/topic-companion.ts';
export type { SubscriptionObserver } from './channels/topic-subscription.ts';
export { isResumableClose, violationCodes } from './close-codes.ts';
export { cutReason } from './close-reason.ts';
export { readCallees } from './contract/callees.ts';
export { type AnyChannel, type ChannelDefinition, createChannel, readHistory } from './contract/channel.ts';
export type { ContractCheck } from './contract/contract-check.ts';
export {
  type AnyProcedure,
  type DeclaredErrors,
  type ErrorInput,
  type ErrorSchemas,
  givesItems,
  type ProcedureDefinition,
  type ProcedureKind,
  takesChunks,
  type UploadKind,
} from './contract/procedure.ts';
export { type AnyRouter, createRouter, type RouterTree, walkRouter } from './contract/router.ts';
export {
  type Schema,
  type SchemaInput,
  type SchemaOutput,
  type StandardTypes,
  type Validated,
  validate,
  type ZodSchema,
} from './contract/schema.ts';
export { callFailure } from './errors.ts';
export type { EncodedMessage, EncodedValue } from './message/binary.ts';
export { callerShapes } from './message/caller-shapes.ts';
export { createClientShapes } from './message/client-shapes.ts';
export { type DecodeBinary, decodeBinary } from './message/decode-binary.ts';
export {
  AUTHENTICATED,
  encodeAuth,
  encodeCredit,
  encodeEnd,
  encodeEnded,
  encodeError,
  encodeEvent,
  encodeGap,
  encodeGrant,
  encodeItem,
  encodePosition,
  encodeRenew,
  encodeResult,
  encodeSkip,
  encodeStop,
  encodeSubscribed,
  encodeTracked,
} from './message/encode.ts';
export { excessOf } from './message/excess.ts';
export { MAX_BATCH, MAX_KEY_LENGTH } from './message/limits.ts';
export {
  type AuthenticatedMessage,
  type AuthenticationMessage,
  type AuthMessage,
  type CalleeMessage,
  type CallerMessage,
  type HelloMessage,
  type HistoryMessage,
  MessageType,
  type MutateMessage,
  type PresenceRequest,
  type PublishFields,
  type PublishMessage,
  type RenewMessage,
  type ResumeFields,
  type SessionOutcome,
  type SubscribeMessage,
  type SubscriberMessage,
  type WelcomeMessage,
  type WelcomeOptions,
} from './message/messages.ts';
export { checkNesting } from './message/nesting.ts';
export { encodePast, pastShapes } from './message/past.ts';
export {
  encodeEnter,
  encodeEntered,
  encodeExit,
  encodeMember,
  encodePresence,
  encodePresenceCount,
  encodeRefused,
  encodeWatch,
  type MemberFields,
  type PresenceMessage,
  type PresenceMode,
  presenceShapes,
  type StandingMessage,
} from './message/presence.ts';
export { serverShapes } from './message/server-shapes.ts';
export type { Shapes } from './message/shape.ts';
export { decodeValue, encodeText, encodeValue, isEncoded } from './message/value.ts';
export { ClientLink } from './session/client-link.ts';
export { DeliveryLog } from './session/delivery-log.ts';
export { Link } from './session/link.ts';
export type { ClientLinkListener, LinkClose, PeerMessage, ServerLinkListener } from './session/link-listener.ts';
export { ServerLink } from './session/server-link.ts';
export { thrownText } from './thrown-text.ts';
