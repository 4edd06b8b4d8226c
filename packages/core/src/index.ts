export {
  type Broker,
  type BrokerEvent,
  type BrokerHistory,
  type BrokerListener,
  type BrokerPublication,
  type BrokerRead,
  type BrokerReadLimits,
  type BrokerReceipt,
  type BrokerRequest,
  IDEMPOTENCY_WINDOW_MS,
} from './broker/broker.ts';
export {
  type BrokerMember,
  type BrokerPresence,
  PRESENCE_TTL_MS,
  type PresenceChange,
  type PresenceList,
  type PresenceListener,
  type PresenceVersion,
} from './broker/presence.ts';
export type { ItemStream } from './calls/item-stream.ts';
export type { UploadSource } from './calls/upload.ts';
export type { HistoryPage } from './channels/history-request.ts';
export type { Position } from './channels/position.ts';
export { CloseCode, isTerminalClose } from './close-codes.ts';
export type { CalleeTree } from './contract/callees.ts';
export type { Channel, ChannelExtras, HistoryOptions, NoExtras, Topic } from './contract/channel.ts';
export {
  type ChannelContractOptions,
  type ContractBuilder,
  type ContractRouter,
  contract,
  type ExtrasOf,
  type UploadContractBuilder,
} from './contract/contract.ts';
export type { InferErrors, InferInput, InferOutput } from './contract/infer.ts';
export type {
  CallFailure,
  CallPromise,
  ContractProcedure,
  ContractUploadProcedure,
  Procedure,
  UploadProcedure,
} from './contract/procedure.ts';
export type { Router } from './contract/router.ts';
export type { Schema, SchemaTypes } from './contract/schema.ts';
export type { Environment, TimerEnvironment } from './environment.ts';
export {
  CallError,
  type CallErrorCode,
  type Delivery,
  isCallError,
  ProtocolError,
  UsageError,
  type ValidationIssue,
} from './errors.ts';
export type { EncodedValue } from './message/binary.ts';
export type { CustomType } from './message/custom-type.ts';
export { createJsonSerializer } from './message/json-serializer.ts';
export type { SubscribeOutcome } from './message/messages.ts';
export type { Serialized, Serializer } from './message/serializer.ts';
export { createSuperjsonSerializer, type SuperjsonSerializerOptions } from './message/superjson-serializer.ts';
export { type SafeResult, safe } from './safe.ts';
export {
  type Connect,
  SharedMessage,
  SUBPROTOCOL,
  type Transport,
  type TransportClose,
  type TransportListener,
} from './transport.ts';
