import type { Environment } from '../environment.ts';
import type { DecodeBinary } from '../message/decode-binary.ts';
import type {
  AuthenticationMessage,
  CalleeMessage,
  CallerMessage,
  ChannelMessage,
  HelloMessage,
  SubscriberMessage,
  WelcomeMessage,
} from '../message/messages.ts';
import type { Shapes } from '../message/shape.ts';
import type { TransportClose } from '../transport.ts';
import type { HeartbeatOptions } from './heartbeat.ts';

export type Role = 'client' | 'server';
/** Messages that an open session hands up. */
export type PeerMessage = CallerMessage | CalleeMessage | SubscriberMessage | ChannelMessage;

export interface LinkOptions {
  readonly role: Role;
  readonly environment: Environment;
  /** What this end takes: `serverShapes`, or what `createClientShapes` made. */
  readonly shapes: Shapes;
  readonly decodeBinary: DecodeBinary;
  readonly heartbeat: HeartbeatOptions;
  /** Longest wait for the peer's opening message, in milliseconds. */
  readonly openTimeoutMs: number;
  /** Largest hello a server reads, in UTF-16 units: before it, nobody is known. */
  readonly maxHelloLength: number;
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
  /** Server: answer with `welcome`, or `close`, now or later. */
  hello(message: HelloMessage): void;
  /** Client: the server has accepted us. */
  welcome(message: WelcomeMessage): void;
  message(message: PeerMessage): void;
  /** The session is asked, or asks, to prove anew who it is. */
  authentication(message: AuthenticationMessage): void;
  /** The server asks this client to move. `retryAfterMs` 0 leaves the delay to the client. */
  leave(code: number, retryAfterMs: number): void;
  latency(latencyMs: number): void;
  /** The peer was heard from on the open connection, for the first time: it knows what it was welcomed with. */
  alive(): void;
  /** Something waits in the outbox: call `flush` before the tick ends. */
  pending(): void;
  /** There is room again in the transport, if it says so. */
  drained?(): void;
  /** The last call. */
  closed(event: LinkClose): void;
}
