import type { Clock } from '../src/deadline-timer.ts';

/** A clock that a test moves. */
export class ManualClock implements Clock {
  nowMs = 0;
  /** Calls of `schedule` so far. */
  scheduled = 0;
  readonly #waiting = new Set<{ readonly atMs: number; readonly callback: () => void }>();

  /** How many timers run. */
  get size(): number {
    return this.#waiting.size;
  }

  now(): number {
    return this.nowMs;
  }

  schedule(delayMs: number, callback: () => void): () => void {
    const entry = { atMs: this.nowMs + delayMs, callback };
    this.scheduled += 1;
    this.#waiting.add(entry);
    return () => this.#waiting.delete(entry);
  }

  /** Moves time and calls what has become due, in order. */
  advance(byMs: number): void {
    const untilMs = this.nowMs + byMs;
    for (;;) {
      const [next] = [...this.#waiting].filter(({ atMs }) => atMs <= untilMs).sort((a, b) => a.atMs - b.atMs);
      if (next === undefined) break;
      this.#waiting.delete(next);
      this.nowMs = Math.max(this.nowMs, next.atMs);
      next.callback();
    }
    this.nowMs = untilMs;
  }
}
