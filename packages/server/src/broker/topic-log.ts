import {
  type BrokerEvent,
  type BrokerHistory,
  type BrokerPublication,
  type BrokerRead,
  type BrokerReadLimits,
  type BrokerReceipt,
  type BrokerRequest,
  IDEMPOTENCY_WINDOW_MS,
  type Position,
} from '@typewire/core';

/** Publications of one topic that are known again by their keys; beyond it the oldest are forgotten early. */
const MAX_KEYS = 10_000;

interface Known {
  readonly position: Position;
  readonly at: number;
}

/** The log of one topic in memory: where it stands, and as much of its past as its history allows. */
export class TopicLog {
  #position: Position;
  #ttlMs = 0;
  #touchedAt: number;
  #bytes = 0;
  /** In order; each as old as the entry at the same index of `#times` says. */
  readonly #events: BrokerEvent[] = [];
  readonly #times: number[] = [];
  /** By idempotency key, oldest first; made when the first one comes. */
  #known: Map<string, Known> | null = null;

  constructor(epoch: string, now: number) {
    this.#position = { epoch, offset: 0, tag: 0 };
    this.#touchedAt = now;
  }

  get position(): Position {
    return this.#position;
  }

  /** The receipt of a publication with the same key, when there was one within the window. */
  find(key: string, now: number): BrokerReceipt | null {
    const known = this.#known?.get(key);
    if (known === undefined || now - known.at > IDEMPOTENCY_WINDOW_MS) return null;
    return { position: known.position, duplicate: true };
  }

  append({ payload, key, exclude, history, idempotencyKey }: BrokerPublication, tag: number, now: number): BrokerEvent {
    const { epoch, offset, tag: previousTag } = this.#position;
    const event = { position: { epoch, offset: offset + 1, tag }, previousTag, payload, key, exclude };
    this.#position = event.position;
    this.#touchedAt = now;
    this.#ttlMs = history?.ttlMs ?? 0;
    if (history !== null) {
      this.#events.push(event);
      this.#times.push(now);
      this.#bytes += payload.length;
    }
    this.#trim(history, now);
    if (idempotencyKey !== null) this.#remember(idempotencyKey, { position: event.position, at: now }, now);
    return event;
  }

  read(request: BrokerRequest, limits: BrokerReadLimits, now: number): BrokerRead {
    this.#trimByAge(now);
    const position = this.#position;
    if (request.type === 'before') {
      const end = request.position === null ? this.#events.length : this.#indexBefore(request.position);
      const start = startOf(this.#events, end, Math.min(request.count, limits.events), limits.bytes);
      return { position, events: this.#events.slice(start, end), complete: start === 0 };
    }
    const events = this.#since(request.position);
    const isWhole = events !== null && events.length <= limits.events && sizeOf(events) <= limits.bytes;
    return isWhole ? { position, events, complete: true } : { position, events: [], complete: false };
  }

  /** Whether nothing can be read from it any more and nobody has written for its lifetime: it may be forgotten. */
  isStale(now: number): boolean {
    this.#trimByAge(now);
    this.#forgetKeys(now);
    return this.#events.length === 0 && this.#known === null && now - this.#touchedAt > this.#ttlMs;
  }

  /** Everything after a position of this very log, or `null` when the log cannot prove that it is whole. */
  #since(from: Position): readonly BrokerEvent[] | null {
    const { epoch, offset, tag } = this.#position;
    if (from.epoch !== epoch || from.offset > offset) return null;
    if (from.offset === offset) return from.tag === tag ? [] : null;
    const missing = offset - from.offset;
    if (missing > this.#events.length) return null;
    const start = this.#events.length - missing;
    return (this.#events[start] as BrokerEvent).previousTag === from.tag ? this.#events.slice(start) : null;
  }

  /** How many of the kept events came before a position of this very log; none for one of another. */
  #indexBefore({ epoch, offset, tag }: Position): number {
    if (epoch !== this.#position.epoch) return 0;
    const index = this.#events.length - 1 - (this.#position.offset - offset);
    const event = this.#events[index];
    // One that is trimmed itself has nothing kept before it.
    return event !== undefined && event.position.tag === tag ? index : 0;
  }

  #trim(history: BrokerHistory | null, now: number): void {
    let drop = Math.max(0, this.#events.length - (history?.size ?? 0));
    for (let bytes = this.#bytes - sizeOf(this.#events, drop); bytes > (history?.bytes ?? 0); drop++) {
      bytes -= (this.#events[drop] as BrokerEvent).payload.length;
    }
    this.#drop(drop);
    this.#trimByAge(now);
  }

  #trimByAge(now: number): void {
    let drop = 0;
    while (drop < this.#times.length && now - (this.#times[drop] as number) > this.#ttlMs) drop++;
    this.#drop(drop);
  }

  #drop(count: number): void {
    if (count === 0) return;
    this.#bytes -= sizeOf(this.#events, count);
    this.#events.splice(0, count);
    this.#times.splice(0, count);
  }

  #remember(key: string, known: Known, now: number): void {
    this.#known ??= new Map();
    this.#known.delete(key);
    this.#known.set(key, known);
    this.#forgetKeys(now);
  }

  #forgetKeys(now: number): void {
    if (this.#known === null) return;
    for (const [key, { at }] of this.#known) {
      if (this.#known.size <= MAX_KEYS && now - at <= IDEMPOTENCY_WINDOW_MS) break;
      this.#known.delete(key);
    }
    if (this.#known.size === 0) this.#known = null;
  }
}

/** Size of the first `count` payloads. */
function sizeOf(events: readonly BrokerEvent[], count: number = events.length): number {
  let size = 0;
  for (let index = 0; index < count; index++) size += (events[index] as BrokerEvent).payload.length;
  return size;
}

/** Where a page begins that ends before `end`: one event at least, if there is one and any are wanted. */
function startOf(events: readonly BrokerEvent[], end: number, count: number, maxBytes: number): number {
  let bytes = 0;
  let start = end;
  while (start > 0 && end - start < count) {
    bytes += (events[start - 1] as BrokerEvent).payload.length;
    if (bytes > maxBytes && start < end) break;
    start--;
  }
  return start;
}
