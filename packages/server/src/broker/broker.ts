import type { Position } from '@typewire/core';

/** One event of a topic's log. `payload` is opaque to the broker: text, or bytes that must stay as they are. */
export interface BrokerEvent {
  readonly position: Position;
  readonly payload: string | Uint8Array<ArrayBuffer>;
}

export interface BrokerHistory {
  /** Events kept per topic. */
  readonly size: number;
  /** Age after which an event is forgotten, in milliseconds. */
  readonly ttlMs: number;
}

/** The past that a subscriber asks for: from a position on, or the last few. */
export type BrokerRequest =
  | { readonly type: 'since'; readonly position: Position }
  | { readonly type: 'last'; readonly count: number };

export interface BrokerRead {
  /** Where the log stands now. */
  readonly position: Position;
  /** In order, up to `position`. */
  readonly events: readonly BrokerEvent[];
  /** Whether `events` is all that was asked for. When it is not, `events` is empty: recovery is whole or not at all. */
  readonly complete: boolean;
}

/**
 * Where channels live. Each topic is a log whose events are numbered without holes within an epoch; what is
 * published is seen by the listeners of every process on the same broker, in the order of the log.
 */
export interface Broker {
  /** Appends an event and returns its position once it is in the log. */
  publish(topic: string, payload: BrokerEvent['payload'], history: BrokerHistory | null): Promise<Position>;
  /** Follows a topic. No event published after the promise resolves is missed. The returned function stops it. */
  subscribe(topic: string, listener: (event: BrokerEvent) => void): Promise<() => void>;
  /** Reads the past. `limit` bounds the events of one read. */
  read(topic: string, request: BrokerRequest, limit: number): Promise<BrokerRead>;
  close(): Promise<void>;
}
