/** Starts a timer and returns what cancels it. Tests give one that they advance by hand. */
export type StartTimer = (delayMs: number, onExpiry: () => void) => () => void;

/** Real time. These timers only bound what the peer may take, so they do not keep the process alive. */
export const systemTimer: StartTimer = (delayMs, onExpiry) => {
  if (delayMs === Number.POSITIVE_INFINITY) return () => {};
  // Above 2^31 - 1 Node would fire at once.
  const timer = setTimeout(onExpiry, Math.min(delayMs, 2 ** 31 - 1));
  timer.unref();
  return () => clearTimeout(timer);
};

/**
 * One time limit over several steps, each of which has its own way to give up.
 * A handshake over TLS cannot answer with HTTP before TLS stands, yet all of it shares one limit.
 */
export class Deadline {
  #onExpiry: () => void;
  readonly #cancelTimer: () => void;

  constructor(startTimer: StartTimer, delayMs: number, onExpiry: () => void) {
    this.#onExpiry = onExpiry;
    this.#cancelTimer = startTimer(delayMs, () => this.#onExpiry());
  }

  /** From now on expiry does this instead. */
  handOver(onExpiry: () => void): void {
    this.#onExpiry = onExpiry;
  }

  cancel(): void {
    this.#cancelTimer();
  }
}
