/** How many times a second's share may come at once. */
const BURST_SECONDS = 2;

/** Lets through so many a second, and twice as many at once after a quiet time. Time is that of whoever asks. */
export class TokenBucket {
  readonly #costMs: number;
  /** When all that was let through would be over, if it came evenly. */
  #busyUntil = Number.NEGATIVE_INFINITY;

  constructor(perSecond: number) {
    this.#costMs = 1_000 / perSecond;
  }

  /** Whether one more may come now; one that may not costs nothing. */
  take(now: number): boolean {
    const busyUntil = Math.max(this.#busyUntil, now) + this.#costMs;
    // Sums of fractions drift by less than this.
    if (busyUntil - now > BURST_SECONDS * 1_000 + 1e-6) return false;
    this.#busyUntil = busyUntil;
    return true;
  }
}
