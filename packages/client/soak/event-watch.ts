import type { Position } from '@typewire/core';
import type { Subscription } from '../src/index.ts';

export interface Tick {
  readonly server: number;
  readonly seq: number;
}

/**
 * Follows one topic and reports what a subscriber must never see: an event twice, out of order, or missing without a
 * gap. Servers number their events by the offsets they will have, so that a position can be held against its event.
 */
export class EventWatch {
  readonly #report: (violation: string) => void;
  readonly #name: string;
  /** Where the topic stands; `null` when a gap, or the beginning, leaves the next event free. */
  #expected: Position | null = null;
  /** The last event told, by which a repeat is recognised across gaps too. */
  #last: Position | null = null;
  events = 0;
  gaps = 0;

  constructor(name: string, subscription: Subscription<Tick>, report: (violation: string) => void) {
    this.#name = name;
    this.#report = report;
    subscription.on('event', (event, position) => this.#event(event, position));
    subscription.on('gap', (position) => this.#gap(position));
    subscription.on('status', ({ state, outcome }) => {
      if (state === 'live' && outcome === 'fresh') this.#begin(subscription.position);
    });
    subscription.on('closed', (error) => {
      if (error !== null) report(`${name} was ended: ${error.code} ${error.message}`);
    });
  }

  /** Whether everything up to this event has been told, or announced as missed. */
  hasReached(server: number, seq: number): boolean {
    return this.#lastServer === server && (this.#last?.offset ?? -1) >= seq;
  }

  get standsAt(): string {
    return `server ${this.#lastServer}, ${this.#last?.offset ?? 'nothing'}`;
  }

  #lastServer = -1;

  /** A resumed connection says nothing of its subscriptions: a fresh start is told once, at first. */
  #begin(position: Position | null): void {
    if (this.#last !== null) this.#report(`${this.#name} began afresh in the middle, without a gap`);
    this.#expected = position;
  }

  #gap(position: Position): void {
    this.gaps++;
    if (this.#last !== null && this.#last.epoch === position.epoch && position.offset < this.#last.offset) {
      this.#report(`${this.#name} told of a gap up to ${position.offset}, behind ${this.#last.offset}`);
    }
    this.#expected = null;
  }

  #event({ server, seq }: Tick, position: Position): void {
    this.events++;
    const { epoch, offset } = position;
    if (offset !== seq) this.#report(`${this.#name} gave event ${seq} as ${offset}`);
    if (this.#last?.epoch === epoch && offset <= this.#last.offset) {
      this.#report(`${this.#name} gave ${offset} after ${this.#last.offset}`);
    }
    if (this.#expected !== null && (this.#expected.epoch !== epoch || this.#expected.offset + 1 !== offset)) {
      this.#report(`${this.#name} gave ${offset} after ${this.#expected.offset} without a gap`);
    }
    this.#last = position;
    this.#lastServer = server;
    this.#expected = position;
  }
}
