import type { Broker, Serializer } from '@typewire/core';
import type { WireAuthentication } from './authentication/authentication-options.ts';
import type { Caller } from './caller.ts';
import type { CallEvent } from './calls/call-watch.ts';
import type { WireEnvironment } from './environment.ts';
import type { IdempotencyLimits } from './idempotency/limits.ts';
import type { SessionLimits } from './sessions.ts';

/** Limits of one connection. `Infinity` switches a limit off. */
export interface WireLimits {
  /** Subscriptions of one connection; one more is refused with `LIMIT_EXCEEDED`. @default 128 */
  readonly maxSubscriptions?: number;
  /**
   * Calls running for one connection, and requests to subscribe or publish that have no answer yet; what it asks beyond
   * is held, and begins in order as others end. Cancels, credit, answers and fresh credentials are heard meanwhile. A
   * call that was cancelled counts until its handler has stopped. At least 1. @default 128
   */
  readonly maxCallsInFlight?: number;
  /**
   * Requests held for one connection at `maxCallsInFlight`; at this many, reading from it stops until one of them begins.
   * What had been read by then, 64 KiB at most as a rule, is held too.
   * When none does for 5 s, or while handlers wait for answers of that client itself, it is read from all the same, and
   * what it asks beyond the limit fails with `LIMIT_EXCEEDED`: what ends its calls may have to come from itself. At least
   * 1. @default 128
   */
  readonly maxHeldCalls?: number;
  /** The same as a size of messages, in UTF-16 units, or bytes of binary ones. At least 1. @default 1_048_576 */
  readonly maxHeldBytes?: number;
  /**
   * Calls of every kind, publications and pages of history that one session may ask for in a second, and twice as many at
   * once after a quiet time; one more fails with `LIMIT_EXCEEDED`. At least 1. @default Infinity
   */
  readonly maxCallsPerSecond?: number;
  /**
   * Messages of every kind, pings and pongs that one connection may send in a second, a batch as one, and twice as many at
   * once after a quiet time; one more closes it with 1008, and its client stays away. At least 1. @default Infinity
   */
  readonly maxMessagesPerSecond?: number;
  /**
   * Streams running for one connection; one more is refused with `LIMIT_EXCEEDED`. One that was cancelled counts until its
   * generator has stopped, for 10 s at most. @default 128
   */
  readonly maxStreams?: number;
  /**
   * Calls running for one connection whose caller sends chunks; one more is refused with `LIMIT_EXCEEDED`. @default 16
   */
  readonly maxUploads?: number;
  /**
   * Chunks of an upload that a client may be ahead of its handler: at most `maxUploads` × `uploadWindow` ×
   * `maxMessageBytes` wait for the handlers of one connection. At least 1. @default 8
   */
  readonly uploadWindow?: number;
  /**
   * Streams of a connection wait while more than this many bytes are on their way to it; what is sent in one go may go
   * beyond it by an item. @default 65_536
   */
  readonly maxStreamBufferBytes?: number;
  /**
   * Events of a connection wait while more than this many bytes are on their way to it; what becomes of them is up to
   * the channel's `overflow`. @default 65_536
   */
  readonly maxEventBufferBytes?: number;
  /** Largest message taken, in bytes; a larger one closes the connection with 1009. @default 1_048_576 */
  readonly maxMessageBytes?: number;
  /** Largest first message, in characters: before it, nobody is known. @default 16_384 */
  readonly maxHelloLength?: number;
  /**
   * Longest wait for the answer of a client's handler, in milliseconds. Streams have no limit unless a call gives one.
   * @default 30_000
   */
  readonly callTimeoutMs?: number;
  /** Longest wait for the first message, and for `authenticate`, in milliseconds. @default 10_000 */
  readonly helloTimeoutMs?: number;
  /** Size of what a member says of itself, in UTF-16 units; more is refused with `LIMIT_EXCEEDED`. @default 4_096 */
  readonly maxPresenceBytes?: number;
  /** Most past events one subscribe may ask for, and most that are held for one whose rule has not answered. @default 300 */
  readonly maxRecoveredEvents?: number;
  /** Size of the past events that one subscribe may bring, in UTF-16 units; above it there is a gap. @default 262_144 */
  readonly maxRecoveredBytes?: number;
  /**
   * Time between two comparisons of a topic's position with the broker's, in milliseconds, ±10 %: how long a loss in
   * the broker's fan-out goes unnoticed on a topic where nothing follows. `Infinity` never compares. @default 25_000
   */
  readonly positionCheckMs?: number;
}

export interface WireHeartbeat {
  /** Silence after which a client is pinged, in milliseconds, ±10 % so that pings spread. @default 25_000 */
  readonly intervalMs?: number;
  /** Silence after the ping until the client counts as lost, in milliseconds. @default 10_000 */
  readonly timeoutMs?: number;
}

/** What an exception interrupted. */
export interface WireError {
  readonly error: unknown;
  /** The opaque id the caller was given in `error.data.id`, when a caller was told. */
  readonly id: string | null;
  /**
   * Path of the procedure or channel, or `null` outside of one. Of a broker that fails those who follow channels, the
   * name of the first topic: it is told once until the broker answers again.
   */
  readonly path: string | null;
  readonly caller: Caller | null;
}

/**
 * What is checked besides what comes in. Inputs, parameters and events always are: handlers and rules are typed by what
 * their schemas made of them, and a client can send anything.
 */
export interface WireValidation {
  /**
   * Whether what handlers return passes its output schema before it is sent. Without, it is sent as it was returned:
   * only for schemas that change nothing, and handlers that tests have shown to keep to them. @default true
   */
  readonly output?: boolean;
}

/** The options of `createWire` that do not depend on the router's types. */
export interface WireSettings {
  /** Where channels live; one that is given is not closed with the wire. @default a memory broker inside this process */
  readonly broker?: Broker;
  /** Carries what JSON cannot. The client must use the same. @default superjson */
  readonly serializer?: Serializer;
  readonly limits?: WireLimits;
  readonly heartbeat?: WireHeartbeat;
  /** When clients whose authentication ends are asked for fresh credentials, and how long they have. */
  readonly authentication?: WireAuthentication;
  /** Sees every exception that is not a declared failure, with its cause. @default prints it with `console.error` */
  readonly onError?: (event: WireError) => void;
  /**
   * Told of each call of a declared procedure when it is over, after its answer: for metrics and logs. What it throws
   * goes to `onError` and harms no call. @default nobody is told, and nothing is measured
   */
  readonly onCall?: (event: CallEvent) => void;
  /** What is checked besides what comes in. */
  readonly validate?: WireValidation;
  /** How long, and how many, sessions are kept for clients that lost their connection. */
  readonly sessions?: SessionLimits;
  /** What is kept for mutations that are repeated with an idempotency key. */
  readonly idempotency?: IdempotencyLimits;
  /** Clocks, timer, randomness, ids and hash. @default the platform's */
  readonly environment?: WireEnvironment;
}

/** Typed so that a new limit without a default does not compile. */
export const limitDefaults: Required<WireLimits> = {
  maxSubscriptions: 128,
  maxCallsInFlight: 128,
  maxHeldCalls: 128,
  maxHeldBytes: 1_048_576,
  maxCallsPerSecond: Number.POSITIVE_INFINITY,
  maxMessagesPerSecond: Number.POSITIVE_INFINITY,
  maxStreams: 128,
  maxUploads: 16,
  uploadWindow: 8,
  maxStreamBufferBytes: 65_536,
  maxEventBufferBytes: 65_536,
  maxMessageBytes: 1_048_576,
  maxHelloLength: 16_384,
  helloTimeoutMs: 10_000,
  callTimeoutMs: 30_000,
  maxPresenceBytes: 4_096,
  maxRecoveredEvents: 300,
  maxRecoveredBytes: 262_144,
  positionCheckMs: 25_000,
};

export const heartbeatDefaults: Required<WireHeartbeat> = { intervalMs: 25_000, timeoutMs: 10_000 };
