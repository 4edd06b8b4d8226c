import {
  type BrokerEvent,
  type BrokerPublication,
  type BrokerRead,
  type BrokerReadLimits,
  type BrokerReceipt,
  type BrokerRequest,
  IDEMPOTENCY_WINDOW_MS,
  type Position,
} from '@typewire/core';
import type { TrueEvent, TrueLog } from './true-log.ts';

interface Kept {
  readonly event: TrueEvent;
  readonly at: number;
}

/** The log of one topic in the modelled broker: what it is asked, and the accidents that may befall it. */
export class ModelLog {
  readonly #topic: string;
  readonly #truth: TrueLog;
  #epoch: string;
  #last: TrueEvent | null = null;
  #kept: Kept[] = [];
  readonly #known: Map<string, Kept> = new Map();
  #ttlMs = 0;

  constructor(topic: string, epoch: string, truth: TrueLog) {
    this.#topic = topic;
    this.#epoch = epoch;
    this.#truth = truth;
  }

  get position(): Position {
    return this.#last?.position ?? { epoch: this.#epoch, offset: 0, tag: 0 };
  }

  /** The receipt of a publication with the same key. */
  find(idempotencyKey: string | null, now: number): BrokerReceipt | null {
    const known = idempotencyKey === null ? undefined : this.#known.get(idempotencyKey);
    if (known === undefined || now - known.at > IDEMPOTENCY_WINDOW_MS) return null;
    return { position: known.event.position, duplicate: true };
  }

  append({ payload, key, exclude, history, idempotencyKey }: BrokerPublication, tag: number, now: number): BrokerEvent {
    const { epoch, offset, tag: previousTag } = this.position;
    const position = { epoch, offset: offset + 1, tag };
    const event = { topic: this.#topic, at: now, position, previousTag, payload, key, exclude, before: this.#last };
    this.#truth.append(event);
    this.#last = event;
    this.#ttlMs = history?.ttlMs ?? 0;
    if (history !== null) this.#kept.push({ event, at: now });
    if (idempotencyKey !== null) this.#known.set(idempotencyKey, { event, at: now });
    this.trim(history?.size ?? 0);
    while (sizeOf(this.#kept) > (history?.bytes ?? 0)) this.#kept.shift();
    return event;
  }

  read(request: BrokerRequest, limits: BrokerReadLimits, now: number): BrokerRead {
    while (this.#kept[0] !== undefined && now - this.#kept[0].at > this.#ttlMs) this.#kept.shift();
    const { position } = this;
    if (request.type === 'before') {
      const page = this.#before(request.position, Math.min(request.count, limits.events));
      while (page.length > 1 && sizeOf(page) > limits.bytes) page.shift();
      return { position, events: eventsOf(page), complete: page.length === 0 || page[0] === this.#kept[0] };
    }
    const kept = this.#since(request.position);
    const isWhole = kept !== null && kept.length <= limits.events && sizeOf(kept) <= limits.bytes;
    return isWhole ? { position, events: eventsOf(kept), complete: true } : { position, events: [], complete: false };
  }

  /** The oldest are forgotten. */
  trim(size: number): void {
    if (this.#kept.length > size) this.#kept = size === 0 ? [] : this.#kept.slice(-size);
  }

  /** Everything is gone, and it knows: a new epoch. */
  restart(epoch: string): void {
    this.#epoch = epoch;
    this.#last = null;
    this.#kept = [];
    for (const { event } of this.#known.values()) this.#truth.lose(event);
    this.#known.clear();
  }

  /** The last `count` events never reached the copy that takes over, and nobody is told: the epoch stays. */
  failOver(count: number): void {
    for (let index = 0; index < count && this.#last !== null; index++) {
      if (this.#kept.at(-1)?.event === this.#last) this.#kept.pop();
      for (const [key, { event }] of this.#known) {
        if (event !== this.#last) continue;
        this.#known.delete(key);
        this.#truth.lose(event);
      }
      this.#last = this.#last.before;
    }
  }

  #before(to: Position | null, count: number): Kept[] {
    const end = to === null ? this.#kept.length : this.#kept.findIndex(({ event }) => isAt(event, to));
    return end < 1 || count === 0 ? [] : this.#kept.slice(Math.max(0, end - count), end);
  }

  /** Only what stands right behind the position given is the rest of that log. */
  #since(from: Position): readonly Kept[] | null {
    if (isSame(from, this.position)) return [];
    const start = this.#kept.findIndex(({ event: { position, previousTag } }) => {
      return position.epoch === from.epoch && position.offset === from.offset + 1 && previousTag === from.tag;
    });
    return start === -1 ? null : this.#kept.slice(start);
  }
}

function isAt({ position }: TrueEvent, other: Position): boolean {
  return isSame(position, other);
}

function isSame(one: Position, other: Position): boolean {
  return one.epoch === other.epoch && one.offset === other.offset && one.tag === other.tag;
}

function eventsOf(kept: readonly Kept[]): readonly BrokerEvent[] {
  return kept.map(({ event }) => event);
}

function sizeOf(kept: readonly Kept[]): number {
  return kept.reduce((size, { event }) => size + event.payload.length, 0);
}
