import type { StartTimer } from '@typewire/node';

/** Timers that expire when a test says so. */
export class ManualTimer {
  #nowMs = 0;
  readonly #waiting = new Map<object, { readonly atMs: number; readonly onExpiry: () => void }>();

  /** How many timers run. */
  get size(): number {
    return this.#waiting.size;
  }

  readonly start: StartTimer = (delayMs, onExpiry) => {
    const id = {};
    this.#waiting.set(id, { atMs: this.#nowMs + delayMs, onExpiry });
    return () => this.#waiting.delete(id);
  };

  advance(ms: number): void {
    this.#nowMs += ms;
    for (const [id, { atMs, onExpiry }] of [...this.#waiting]) {
      if (atMs <= this.#nowMs && this.#waiting.delete(id)) onExpiry();
    }
  }
}
