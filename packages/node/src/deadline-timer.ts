/** Something that wants to be called when a moment has passed. */
export interface Deadlined {
  /** On the timer's clock; `Infinity` when there is nothing to wait for. May move at any time. */
  readonly deadlineMs: number;
  tick(): void;
}

/** The only way to time: tests bring their own. */
export interface Clock {
  /** Milliseconds, never going back. */
  now(): number;
  /** Calls back once after `delayMs` and returns how to prevent it. Must not keep the process alive. */
  schedule(delayMs: number, callback: () => void): () => void;
}

const systemClock: Clock = {
  now: () => performance.now(),
  schedule(delayMs, callback) {
    // Sockets keep a process alive; a deadline alone must not.
    const timer = setTimeout(callback, delayMs).unref();
    return () => clearTimeout(timer);
  },
};

/** Deadlines are seconds; waking more often than this would only burn cycles. */
const MIN_DELAY_MS = 50;

/** One timer for the deadlines of all connections, instead of one or more for each of them. */
export class DeadlineTimer {
  readonly #clock: Clock;
  readonly #watched = new Set<Deadlined>();
  #wakeMs = Number.POSITIVE_INFINITY;
  #cancel: (() => void) | null = null;

  constructor(clock: Clock = systemClock) {
    this.#clock = clock;
  }

  now(): number {
    return this.#clock.now();
  }

  /**
   * Makes sure that `item.tick` is called soon after its deadline. Call it whenever a deadline came nearer;
   * one that moves away or vanishes need not be told, which keeps busy connections from touching the timer.
   */
  watch(item: Deadlined): void {
    const deadlineMs = item.deadlineMs;
    if (deadlineMs === Number.POSITIVE_INFINITY) return;
    this.#watched.add(item);
    if (deadlineMs < this.#wakeMs) this.#wakeAt(deadlineMs);
  }

  /** Forgets `item` at once, so that a closed connection is not kept in memory. */
  forget(item: Deadlined): void {
    this.#watched.delete(item);
    if (this.#watched.size > 0) return;
    this.#cancel?.();
    this.#cancel = null;
    this.#wakeMs = Number.POSITIVE_INFINITY;
  }

  #wakeAt(atMs: number): void {
    this.#cancel?.();
    this.#wakeMs = atMs;
    this.#cancel = this.#clock.schedule(Math.max(MIN_DELAY_MS, atMs - this.#clock.now()), () => this.#wake());
  }

  #wake(): void {
    this.#cancel = null;
    this.#wakeMs = Number.POSITIVE_INFINITY;
    const nowMs = this.#clock.now();
    let nextMs = Number.POSITIVE_INFINITY;
    for (const item of this.#watched) {
      if (item.deadlineMs <= nowMs) item.tick();
      if (item.deadlineMs === Number.POSITIVE_INFINITY) this.#watched.delete(item);
      else nextMs = Math.min(nextMs, item.deadlineMs);
    }
    // A tick may have set an earlier time through `watch`.
    if (nextMs < this.#wakeMs) this.#wakeAt(nextMs);
  }
}

/** The timer of this process. */
export const processDeadlines: DeadlineTimer = new DeadlineTimer();
