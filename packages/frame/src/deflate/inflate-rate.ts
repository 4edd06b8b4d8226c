import { FrameError } from '../errors.ts';

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

  /** @throws {FrameError} `INFLATED_TOO_FAST`. */
  count(bytes: number, nowMs: number): void {
    const forgotten = ((nowMs - this.#atMs) / 1_000) * this.#bytesPerSecond;
    this.#bytes = Math.max(0, this.#bytes - forgotten) + bytes;
    this.#atMs = nowMs;
    if (this.#bytes <= this.#burstBytes) return;
    throw new FrameError(
      'INFLATED_TOO_FAST',
      `messages inflate to more than maxInflatedBytesPerSecond (${this.#bytesPerSecond})`,
    );
  }
}
