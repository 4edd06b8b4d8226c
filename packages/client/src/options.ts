import type { Connect, ContractRouter, Position, Serializer, TimerEnvironment, UploadSource } from '@typewire/core';
import type { CalleeHandlers } from './handlers/callee-handlers.ts';
import { fullJitter, type RetryDelay } from './reconnect.ts';

/** Options of `createClient`. Every duration is in milliseconds and ends in `Ms`. */
export interface ClientOptions {
  /**
   * Address of the server: `ws://`, `wss://`, `http://` or `https://`, or a path on the page's own host. A function is
   * asked before each attempt. Credentials do not belong here: use `auth`.
   */
  readonly url: string | (() => string | Promise<string>);
  /**
   * What `authenticate` on the server gets: a value, or a function that is asked before each attempt, and over the open
   * connection before what it gave expires, so that a token is fresh. A function that throws, or does not answer within
   * `openTimeoutMs`, counts as a failed attempt, and is asked again.
   * @default undefined
   */
  readonly auth?: unknown | (() => unknown | Promise<unknown>);
  /**
   * Longest wait for an answer, the wait for a connection included; `Infinity` waits for ever. Streams have no limit
   * unless a call gives one.
   * @default 30_000
   */
  readonly callTimeoutMs?: number;
  /**
   * Longest wait for the connection to open: `url`, `auth` and the server's `authenticate` included. On an open connection
   * `auth`, and then the server, have as long to answer a `reauthenticate()`. @default 10_000
   */
  readonly openTimeoutMs?: number;
  /** Size of the calls waiting for a connection; further ones reject with `QUEUE_FULL`. @default 1_048_576 */
  readonly maxQueueBytes?: number;
  /** Silence after which the connection is probed. @default 30_000 */
  readonly watchdogMs?: number;
  /** Silence after the probe until the connection counts as lost. @default 5_000 */
  readonly watchdogTimeoutMs?: number;
  /**
   * Delay before attempt `n` (from 1) to reconnect, or `null` to stop trying. One that throws or returns no delay is
   * reported as uncaught, and the default is used. @default {@link fullJitter}
   */
  readonly retryDelayMs?: RetryDelay;
  /** Time after which an open connection counts as stable, and attempts are counted from 1 again. @default 10_000 */
  readonly stableMs?: number;
  /** Items a stream of the server may be ahead of its reader. @default 32 */
  readonly streamWindow?: number;
  /** Carries what JSON cannot. The server must use the same. @default superjson */
  readonly serializer?: Serializer;
  /** Opens connections. @default the platform's WebSocket, or the engine of `@typewire/node` in Node.js */
  readonly connect?: Connect;
  /** Clock, timer, randomness and ids. @default the platform's */
  readonly environment?: TimerEnvironment;
}

/** What a client implements for a server whose router has the type `Router`. */
export interface HandlerOptions<Router> {
  /**
   * What the server may call here, by the names its router declares with `t.caller`: functions of the input and `{ signal,
   * fail }`. What is missing answers `NOT_FOUND`; an exception that `fail` did not make is reported as uncaught here,
   * and is `INTERNAL` for the server. An answer above what the server takes is `LIMIT_EXCEEDED` for it. @default none
   */
  readonly handlers?: CalleeHandlers<CalleesOf<Router>>;
}

type CalleesOf<Router> = Router extends { readonly '~callees'?: infer Callees } ? Callees : Record<never, never>;

/** Any contract, as far as a client needs it at run time. */
export type CheckingContract = Pick<ContractRouter<unknown>, '~kind' | '~check'>;

/** Options of a client that has its contract at run time, and so can check what it sends. */
export interface ContractClientOptions<Contract> extends ClientOptions {
  /**
   * What the server implements, made by `contract.router`. Inputs, parameters and published events that do not pass its schemas reject with
   * `INVALID_INPUT` and are not sent, nor is what it does not know: `NOT_FOUND`. They are sent as they are given, and
   * a schema that answers asynchronously is left to the server. What the server sends is not checked.
   */
  readonly contract: Contract & CheckingContract;
}

/** Options of one call. */
export interface CallOptions {
  /**
   * Gives the call up; it rejects with `ABORTED` and the handler's `signal` fires. The `signal` that a handler of
   * `@typewire/server` was given brings the deadline of its call along: this one waits no longer than that has left.
   */
  readonly signal?: AbortSignal;
  /**
   * Longest wait for the answer, in milliseconds, reading the Blobs of the input included; carried to the server as a
   * deadline. @default `callTimeoutMs`
   */
  readonly timeoutMs?: number;
}

/** Options of a call whose procedure takes chunks. */
export interface UploadOptions<Chunk> {
  /**
   * What is sent: an async iterable (a `ReadableStream` is one), or a plain one. The server asks for chunks at the pace of
   * its handler; `return` is called as soon as it wants no more, also while a chunk is awaited. When the source throws,
   * the call fails with `ABORTED`, and what it threw is the `cause`; so does a chunk above what the server takes, with
   * `LIMIT_EXCEEDED` as the cause. Such a call is never repeated by itself.
   */
  readonly upload: UploadSource<Chunk>;
}

/** Options of `history`. */
export interface HistoryOptions extends CallOptions {
  /** Most events of the page; the server's limits may make it shorter. At least 1. @default 50 */
  readonly limit?: number;
  /** The page ends right before this position, as an earlier page or an event gave it. @default the end of the log */
  readonly before?: Position;
}

/** Options of a publication. */
export interface PublishOptions extends CallOptions {
  /**
   * Makes the publication one that is repeated by itself when the connection is lost before the answer: the server knows
   * it again for 5 minutes. `true` makes a key; text of 1 to 255 characters is one of your own, under which you may
   * publish again yourself, from another client of the same user too. @default none, and a publication whose answer is lost rejects
   */
  readonly idempotencyKey?: true | string;
  /** `'self'`: this client does not get the event. @default nobody is excluded */
  readonly exclude?: 'self';
}

/** Options of a stream. */
export interface StreamOptions {
  /**
   * Id of an item to go on behind, as an earlier stream's `lastEventId` gave it. A stream whose items bear ids is opened
   * again by itself when its session is lost; with this option, `''` for the beginning, already before the
   * first of them.
   */
  readonly lastEventId?: string;
}

/** Options of one mutation. */
export interface MutateOptions extends CallOptions {
  /**
   * Lets the mutation be repeated by itself when the connection is lost before the answer: the server runs it once for
   * each key, and gives a repeat what came of it. `true` makes a key for this one call; text of 1 to 255 characters is a
   * key of your own, under which you may repeat it yourself, from another client of the same user too.
   * @default none: never repeated
   */
  readonly idempotencyKey?: true | string;
}

type Defaulted = Required<Omit<ClientOptions, 'url' | 'auth' | 'serializer' | 'connect' | 'environment'>>;

/** Typed so that a new option without a default does not compile. */
export const clientDefaults: Defaulted = {
  callTimeoutMs: 30_000,
  openTimeoutMs: 10_000,
  maxQueueBytes: 1_048_576,
  watchdogMs: 30_000,
  watchdogTimeoutMs: 5_000,
  retryDelayMs: fullJitter,
  stableMs: 10_000,
  streamWindow: 32,
};
