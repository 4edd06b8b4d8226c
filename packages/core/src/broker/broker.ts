import type { Position } from '../channels/position.ts';
import type { EncodedValue } from '../message/binary.ts';
import type { BrokerPresence } from './presence.ts';

/** How long a broker knows a publication again by its idempotency key, at least, in milliseconds. */
export const IDEMPOTENCY_WINDOW_MS = 300_000;

/** How much of a topic's past is kept; whichever bound is reached first counts. */
export interface BrokerHistory {
  /** Events kept per topic. */
  readonly size: number;
  /** Age after which an event is forgotten, in milliseconds. */
  readonly ttlMs: number;
  /** Size of the payloads kept per topic. */
  readonly bytes: number;
}

/** What is published. `payload`, `key` and `exclude` come out as they went in. */
export interface BrokerPublication {
  /** What `encodeValue` made of the event: text, or bytes that must stay as they are. Opaque to the broker. */
  readonly payload: EncodedValue;
  /** Whether, and within what bounds, the event can be read later. Without, only the position moves. */
  readonly history: BrokerHistory | null;
  /** Events of one key replace each other where a channel says so. At most 255 UTF-16 units. */
  readonly key: string | null;
  /** A session that is not to get the event. */
  readonly exclude: string | null;
  /**
   * Publications on one topic with one key are one: for {@link IDEMPOTENCY_WINDOW_MS} at least the later ones add
   * nothing and are answered with the position of the first.
   */
  readonly idempotencyKey: string | null;
}

export interface BrokerReceipt {
  /** Where the event stands in the log. */
  readonly position: Position;
  /** The event had been published before, with the same idempotency key. */
  readonly duplicate: boolean;
}

/** One event of a topic's log. */
export interface BrokerEvent {
  readonly position: Position;
  /**
   * Tag of the event before, 0 for the first of an epoch. An offset that follows does not prove that nothing lies in
   * between: a log that failed over to an older copy counts the same offsets again.
   */
  readonly previousTag: number;
  readonly payload: EncodedValue;
  readonly key: string | null;
  readonly exclude: string | null;
}

/** What following a topic tells. Calls are synchronous and must not throw. */
export interface BrokerListener {
  /** The next event in the order of the log. It may be missing, and may have been told before. */
  event(event: BrokerEvent): void;
  /** Events may have been missed, because the connection to the broker was lost say: time to ask for the position. */
  interrupted(): void;
}

/**
 * The past that is asked for: everything after a position, or up to `count` events that came right before one. `before`
 * with `null` begins at the end of the log.
 */
export type BrokerRequest =
  | { readonly type: 'since'; readonly position: Position }
  | { readonly type: 'before'; readonly position: Position | null; readonly count: number };

/** Bounds of one read. */
export interface BrokerReadLimits {
  readonly events: number;
  /** Size of the payloads together. */
  readonly bytes: number;
}

export interface BrokerRead {
  /** Where the log stood at the moment in which `events` were read. */
  readonly position: Position;
  /** In order. */
  readonly events: readonly BrokerEvent[];
  /**
   * For `since`: whether `events` is all that came after the position. When it is not, because the past is not kept, is
   * above the limits or belongs to another log, `events` is empty: recovery is whole or not at all.
   * For `before`: whether nothing older than `events` is kept. Limits make a page shorter; one event is always given.
   */
  readonly complete: boolean;
}

/**
 * Where channels live. Each topic is a log whose events are numbered without holes within an epoch, and chained by
 * their tags. What is published through any handle is told to the listeners of all handles, in the order of the log.
 *
 * Every call may take its time, and settles: one that gets no answer rejects. A call that rejects may have been
 * carried out all the same; publishing again with the same idempotency key is safe. Telling may lose events, as long as
 * what is read does not: who listens compares positions.
 *
 * A topic has a position before anything was published on it. When a log is lost its next position has another epoch:
 * no position is ever given out twice.
 */
export interface Broker {
  /** Nothing that a listener should be told is ever lost, so that positions need not be compared. @default false */
  readonly isLossless?: boolean;
  /** Who is present on topics. Without it no channel with presence can be served. */
  readonly presence?: BrokerPresence;
  /** Appends an event, as one step with its place in the log. What one handle publishes keeps its order. */
  publish(topic: string, publication: BrokerPublication): Promise<BrokerReceipt>;
  /** Follows a topic: what is published after the promise resolves is told. The returned function stops it. */
  subscribe(topic: string, listener: BrokerListener): Promise<() => void>;
  /** Reads the past, and where the log stands, as one step. */
  read(topic: string, request: BrokerRequest, limits: BrokerReadLimits): Promise<BrokerRead>;
  /** Where the log stands. */
  position(topic: string): Promise<Position>;
  /** Ends this handle. Nothing is told any more; the logs stay where the broker keeps them. */
  close(): Promise<void>;
}
