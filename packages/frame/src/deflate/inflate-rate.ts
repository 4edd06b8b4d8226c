/** A peer may have so many seconds of its rate at once. */
const BURST_SECONDS = 10;

/**
 * How much a peer has had inflated, less what has been forgotten since: two numbers, and no border of a window at which
 * twice as much would pass.
 */
export class InflateRate {
  readonly #bytesPerSecond: number;
  readonly #burstBytes: number;
  #bytes = 0;
  #atMs = 0;

  /** One message may always come, however long it is allowed to be. */
  constructor(bytesPerSecond: number, maxMessageBytes: number) {
    this.#bytesPerSecond = bytesPerSecond;
    this.#burstBytes = Math.max(bytesPerSecond * BURST_SECONDS, maxMessageBytes);
  }

  /** Returns for how many milliseconds the peer is not to be read, so that it gets no more than its rate. */
  count(bytes: number, nowMs: number): number {
    const forgotten = ((nowMs - this.#atMs) / 1_000) * this.#bytesPerSecond;
    this.#bytes = Math.max(0, this.#bytes - forgotten) + bytes;
    this.#atMs = nowMs;
    return (Math.max(0, this.#bytes - this.#burstBytes) / this.#bytesPerSecond) * 1_000;
  }
}
