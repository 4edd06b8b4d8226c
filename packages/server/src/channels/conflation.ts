import type { BrokerEvent, Position } from '@typewire/core';
import { positionBefore } from './chain.ts';

/** Most keys that wait; beyond it they leave early. */
const MAX_KEYS = 1_000;

/** Events of one topic within a time, of each key the newest. */
export class Conflation {
  readonly #windowMs: number;
  readonly #setTimer: (delayMs: number, callback: () => void) => () => void;
  readonly #send: (events: Iterable<BrokerEvent>, from: Position) => void;
  /** In the order of the log. */
  #newest: Map<string | number, BrokerEvent> = new Map();
  /** Where the log stood before the first of them. */
  #from: Position | null = null;
  #cancel: (() => void) | null = null;

  constructor(
    windowMs: number,
    setTimer: (delayMs: number, callback: () => void) => () => void,
    send: (events: Iterable<BrokerEvent>, from: Position) => void,
  ) {
    this.#windowMs = windowMs;
    this.#setTimer = setTimer;
    this.#send = send;
  }

  add(event: BrokerEvent): void {
    const key = event.key ?? event.position.offset;
    this.#from ??= positionBefore(event);
    this.#newest.delete(key);
    this.#newest.set(key, event);
    if (this.#newest.size >= MAX_KEYS) this.flush();
    else this.#cancel ??= this.#setTimer(this.#windowMs, () => this.flush());
  }

  /** The window is over, or something else must be told behind what is in it. */
  flush(): void {
    this.#cancel?.();
    this.#cancel = null;
    const [events, from] = [this.#newest, this.#from];
    this.#newest = new Map();
    this.#from = null;
    if (from !== null) this.#send(events.values(), from);
  }

  /** Nobody waits for it any more. */
  cancel(): void {
    this.#cancel?.();
    this.#cancel = null;
    this.#newest.clear();
    this.#from = null;
  }
}
