import { reportUncaught } from '../events.ts';

/** What an audience is for: work that goes on while somebody listens. */
export interface Performance {
  /** The first has come. When it throws, nobody has. */
  begin(): void;
  /** The last has gone. */
  end(): void;
}

/** Who listens to a store. They are told together, once for all that has changed until then. */
export class Audience {
  readonly #performance: Performance;
  readonly #schedule: (tell: () => void) => unknown;
  readonly #listeners: Set<() => void> = new Set();
  #isOn = false;
  #isTelling = false;
  #isLeaving = false;

  constructor(performance: Performance, schedule: (tell: () => void) => unknown) {
    this.#performance = performance;
    this.#schedule = schedule;
  }

  subscribe(listener: () => void): () => void {
    // One entry for each call: the same function may listen twice.
    const entry = (): void => listener();
    if (!this.#isOn) this.#performance.begin();
    this.#isOn = true;
    this.#listeners.add(entry);
    return () => {
      if (this.#listeners.delete(entry) && this.#listeners.size === 0) this.#leaveSoon();
    };
  }

  /** Has the listeners told, soon. */
  changed(): void {
    if (this.#isTelling) return;
    this.#isTelling = true;
    this.#schedule(() => {
      this.#isTelling = false;
      for (const listener of [...this.#listeners]) {
        try {
          listener();
        } catch (error) {
          reportUncaught(error);
        }
      }
    });
  }

  /** In a microtask: views that are replaced, as in React's StrictMode, leave and come in one go. */
  #leaveSoon(): void {
    if (this.#isLeaving) return;
    this.#isLeaving = true;
    queueMicrotask(() => {
      this.#isLeaving = false;
      if (this.#listeners.size > 0) return;
      this.#isOn = false;
      this.#performance.end();
    });
  }
}

/** A timer of 0 ms: an event is a message of its own, and drawing a view for each of a thousand a second helps nobody. */
export function soon(tell: () => void): void {
  setTimeout(tell, 0);
}
