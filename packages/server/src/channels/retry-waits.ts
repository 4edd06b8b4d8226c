import type { TimerEnvironment } from '@typewire/core';
import type { TopicReceiver } from './topic-receiver.ts';

/** Longest wait before the first other attempt, and before any, in milliseconds. */
const FIRST_MS = 500;
const MAX_MS = 5_000;

/** Receivers that wait until a broker that failed is asked again. */
export class RetryWaits {
  readonly #environment: Pick<TimerEnvironment, 'random' | 'setTimer'>;
  readonly #endings: Map<TopicReceiver, Set<() => void>> = new Map();

  constructor(environment: Pick<TimerEnvironment, 'random' | 'setTimer'>) {
    this.#environment = environment;
  }

  /** Resolves before attempt `attempt`, which is at least 1, or when the receiver has left or `wake` is called. */
  wait(receiver: TopicReceiver, attempt: number, keep: (wake: () => void) => void): Promise<void> {
    return new Promise((resolve) => {
      const { random, setTimer } = this.#environment;
      const longest = Math.min(MAX_MS, FIRST_MS * 2 ** Math.min(attempt - 1, 10));
      const endings = this.#endings.get(receiver) ?? new Set();
      const end = (): void => {
        cancel();
        if (!endings.delete(end)) return;
        if (endings.size === 0) this.#endings.delete(receiver);
        resolve();
      };
      // Not all at once: those who wait are many, and the broker has just come back.
      const cancel = setTimer(longest * (0.5 + random() / 2), end);
      this.#endings.set(receiver, endings.add(end));
      keep(end);
    });
  }

  /** The receiver has left: it waits no more. */
  leave(receiver: TopicReceiver): void {
    for (const end of [...(this.#endings.get(receiver) ?? [])]) end();
  }
}
