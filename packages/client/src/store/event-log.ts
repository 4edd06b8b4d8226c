import type { Position } from '@typewire/core';

/** Events that were lost among those that are kept. */
export interface StoredGap {
  /** What was lost lies before this position. */
  readonly position: Position;
  /** How many of the kept events came before it. */
  readonly after: number;
}

/** The latest events of a topic, and where some are missing among them. */
export class EventLog<Event> {
  readonly #keep: number;
  #events: Event[] = [];
  #gap: StoredGap | null = null;
  /** Whether somebody has been given the array: it must not change any more. */
  #isShared = false;

  constructor(keep: number) {
    this.#keep = keep;
  }

  push(event: Event): void {
    if (this.#isShared) this.#events = [...this.#events];
    this.#isShared = false;
    this.#events.push(event);
    if (this.#events.length <= this.#keep) return;
    this.#events.shift();
    const gap = this.#gap;
    // Nothing of what came before it is kept any more: there is nothing it stands in the middle of.
    if (gap !== null) this.#gap = gap.after > 1 ? { ...gap, after: gap.after - 1 } : null;
  }

  gap(position: Position): void {
    this.#gap = { position, after: this.#events.length };
  }

  clear(): void {
    this.#events = [];
    this.#isShared = false;
    this.#gap = null;
  }

  read(): { readonly events: readonly Event[]; readonly latest: Event | undefined; readonly gap: StoredGap | null } {
    this.#isShared = true;
    return { events: this.#events, latest: this.#events.at(-1), gap: this.#gap };
  }
}
