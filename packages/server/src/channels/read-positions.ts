import type { BrokerEvent, Position } from '@typewire/core';
import { isSame } from './chain.ts';

/**
 * Where the events stand that were read from a log lately. A broker may tell of them afterwards, and when the log has
 * lost its end by then, nothing but the position shows that they are not new.
 */
export class ReadPositions {
  readonly #max: number;
  /** None for most topics: they never have a hole. */
  #positions: readonly Position[] = [];

  constructor(max: number) {
    this.#max = max;
  }

  add(events: readonly BrokerEvent[]): void {
    if (events.length === 0) return;
    this.#positions = [...this.#positions, ...events.map(({ position }) => position)].slice(-this.#max);
  }

  has(position: Position): boolean {
    return this.#positions.some((known) => isSame(known, position));
  }
}
