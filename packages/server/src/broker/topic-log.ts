import type { Position } from '@typewire/core';
import type { BrokerEvent, BrokerHistory, BrokerRead, BrokerRequest } from './broker.ts';

interface Entry extends BrokerEvent {
  readonly at: number;
}

/** The log of one topic in memory: where it stands, and as much of its past as its history allows. */
export class TopicLog {
  #position: Position;
  #ttlMs = 0;
  #touchedAt: number;
  readonly #entries: Entry[] = [];

  constructor(epoch: string, now: number) {
    this.#position = { epoch, offset: 0, tag: 0 };
    this.#touchedAt = now;
  }

  append(payload: BrokerEvent['payload'], tag: number, history: BrokerHistory | null, now: number): BrokerEvent {
    const { epoch, offset } = this.#position;
    const event = { position: { epoch, offset: offset + 1, tag }, payload, at: now };
    this.#position = event.position;
    this.#touchedAt = now;
    this.#ttlMs = history?.ttlMs ?? 0;
    if (history !== null) this.#entries.push(event);
    this.#trim(history?.size ?? 0, now);
    return event;
  }

  read(request: BrokerRequest, limit: number, now: number): BrokerRead {
    this.#trim(Number.POSITIVE_INFINITY, now);
    const position = this.#position;
    if (request.type === 'last') {
      const count = Math.min(request.count, limit);
      return { position, events: count === 0 ? [] : this.#entries.slice(-count), complete: true };
    }
    const events = this.#since(request.position);
    if (events === null || events.length > limit) return { position, events: [], complete: false };
    return { position, events, complete: true };
  }

  /** Whether nothing can be read from it any more and nobody has written for its lifetime: it may be forgotten. */
  isStale(now: number): boolean {
    this.#trim(Number.POSITIVE_INFINITY, now);
    return this.#entries.length === 0 && now - this.#touchedAt > this.#ttlMs;
  }

  /** Everything after a position of this very log, or `null` when the log cannot prove that it is whole. */
  #since(from: Position): readonly BrokerEvent[] | null {
    const { epoch, offset, tag } = this.#position;
    if (from.epoch !== epoch || from.offset > offset) return null;
    if (from.offset === offset) return from.tag === tag ? [] : null;
    const missing = offset - from.offset;
    if (missing > this.#entries.length) return null;
    const start = this.#entries.length - missing;
    // The tag of the event before shows that the reader followed this log; the beginning has tag 0.
    const before = start === 0 ? null : this.#entries[start - 1];
    if (before ? before.position.tag !== from.tag : from.offset === 0 && from.tag !== 0) return null;
    return this.#entries.slice(start);
  }

  #trim(size: number, now: number): void {
    let drop = Math.max(0, this.#entries.length - size);
    while (drop < this.#entries.length && now - (this.#entries[drop] as Entry).at > this.#ttlMs) drop++;
    if (drop > 0) this.#entries.splice(0, drop);
  }
}
