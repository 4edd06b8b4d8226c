import type { Position } from '@typewire/core';

/** Events that were lost among those that are kept. */
export interface StoredGap {
  /** What was lost lies before this position. */
  readonly position: Position;
  /** How many of the kept events came before it. */
  readonly after: number;
}

/** What is kept of a topic's events. */
export interface LoggedEvents<Event> {
  /** Oldest first. */
  readonly events: readonly Event[];
  /** The last of them; `undefined` before the first. */
  readonly latest: Event | undefined;
  /** Those of `events` that came after the state of the topic was last given; all, where its channel gives none. */
  readonly since: readonly Event[];
  /** Where events are missing among those that are kept; `null` where none are. */
  readonly gap: StoredGap | null;
}

/** The latest events of a topic, and where some are missing among them. */
export class EventLog<Event> {
  keep: number;
  #events: Event[] = [];
  #gap: StoredGap | null = null;
  /** How many of the events the topic's state holds already. */
  #known = 0;
  /** Whether somebody has been given the array: it must not change any more. */
  #isShared = false;

  constructor(keep: number) {
    this.keep = keep;
  }

  push(event: Event): void {
    if (this.#isShared) this.#events = [...this.#events];
    this.#isShared = false;
    this.#events.push(event);
    if (this.#events.length <= this.keep) return;
    this.#events.shift();
    this.#known = Math.max(0, this.#known - 1);
    this.#gap = moved(this.#gap, 1);
  }

  gap(position: Position): void {
    this.#gap = { position, after: this.#events.length };
  }

  /** The state of the topic was given: it holds all that came until now. */
  stateGiven(): void {
    this.#known = this.#events.length;
  }

  clear(): void {
    this.#events = [];
    this.#isShared = false;
    this.#gap = null;
    this.#known = 0;
  }

  /** The latest `keep` of them. */
  read(keep: number): LoggedEvents<Event> {
    this.#isShared = true;
    const left = Math.max(0, this.#events.length - keep);
    const known = Math.max(0, this.#known - left);
    const events = left === 0 ? this.#events : this.#events.slice(left);
    const since = known === 0 ? events : events.slice(known);
    return { events, latest: events.at(-1), since, gap: moved(this.#gap, left) };
  }
}

/** Where a gap stands when the first `count` events are left out. */
function moved(gap: StoredGap | null, count: number): StoredGap | null {
  if (gap === null || count === 0) return gap;
  // Nothing of what came before it is kept any more: there is nothing it stands in the middle of.
  return gap.after > count ? { ...gap, after: gap.after - count } : null;
}
