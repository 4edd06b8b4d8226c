import type { TimerEnvironment } from '@typewire/core';

/**
 * The one timer of a connection. It is set again only for an earlier moment: deadlines move later with every message,
 * and a timer that fires too early just looks at the clock and goes back to sleep.
 */
export class WakeTimer {
  readonly #environment: TimerEnvironment;
  readonly #wake: (now: number) => void;
  #at = Number.POSITIVE_INFINITY;
  #cancel: (() => void) | null = null;

  constructor(environment: TimerEnvironment, wake: (now: number) => void) {
    this.#environment = environment;
    this.#wake = wake;
  }

  /** Wakes at `at` or earlier; `Infinity` asks for nothing. */
  wakeAt(at: number): void {
    if (at >= this.#at) return;
    this.#cancel?.();
    this.#at = at;
    this.#cancel = this.#environment.setTimer(Math.max(0, at - this.#environment.now()), () => {
      this.#at = Number.POSITIVE_INFINITY;
      this.#cancel = null;
      this.#wake(this.#environment.now());
    });
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = null;
    this.#at = Number.POSITIVE_INFINITY;
  }
}
