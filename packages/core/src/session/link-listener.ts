import type { Environment } from '../environment.ts';
import type { DecodeBinary } from '../message/decode-binary.ts';
import type {
  AuthenticatedMessage,
  AuthenticationMessage,
  AuthMessage,
  CalleeMessage,
  CallerMessage,
  ChannelMessage,
  HelloMessage,
  LeaveMessage,
  RenewMessage,
  SubscriberMessage,
  WelcomeMessage,
} from '../message/messages.ts';
import type { Shapes } from '../message/shape.ts';
import type { TransportClose } from '../transport.ts';
import type { HeartbeatOptions } from './heartbeat.ts';

/** Messages that concern the connection alone, and not both ends alike. */
export type ConnectionMessage = HelloMessage | WelcomeMessage | AuthenticationMessage | LeaveMessage;
/** Messages that an open session hands up. */
export type PeerMessage = CallerMessage | CalleeMessage | SubscriberMessage | ChannelMessage;

export interface LinkOptions {
  readonly environment: Environment;
  /** What this end takes: `serverShapes`, or what `createClientShapes` made. */
  readonly shapes: Shapes;
  readonly decodeBinary: DecodeBinary;
  readonly heartbeat: HeartbeatOptions;
  /** Longest wait for the peer's opening message, in milliseconds. */
  readonly openTimeoutMs: number;
}

/** Why a session ended, from either side. */
export interface LinkClose extends TransportClose {
  /** Whether this end decided it. */
  readonly local: boolean;
}

/**
 * What the layer above is told, synchronously and in order. None of it may throw but `message` and `authentication` a
 * `ProtocolError`.
 */
export interface LinkListener {
  /** `size` is what it came with, in UTF-16 units or bytes; of a batch the first bears the size of all. */
  message(message: PeerMessage, size: number): void;
  /** How long the peer took to answer a ping, where somebody wants to know. */
  latency?(latencyMs: number): void;
  /** Something waits in the outbox: call `flush` before the tick ends. */
  pending(): void;
  /** The last call. */
  closed(event: LinkClose): void;
}

export interface ClientLinkListener extends LinkListener {
  /** The server has accepted us. */
  welcome(message: WelcomeMessage): void;
  /** The session is asked to prove anew who it is, or has done so. */
  authentication(message: RenewMessage | AuthenticatedMessage): void;
  /** The server asks this client to move. `retryAfterMs` 0 leaves the delay to the client. */
  leave(code: number, retryAfterMs: number): void;
}

export interface ServerLinkListener extends LinkListener {
  /** Answer with `welcome`, or `close`, now or later. */
  hello(message: HelloMessage): void;
  /** The client proves anew who it is. */
  authentication(message: AuthMessage): void;
  /** The client was heard from on the open connection, for the first time: it knows what it was welcomed with. */
  alive(): void;
  /** There is room again in the transport, if it says so. */
  drained?(): void;
}
