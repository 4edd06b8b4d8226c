import { FrameError } from './errors.ts';

/** How many pings and pongs a peer may send. */
export interface ControlRateLimits {
  /** Most pings and pongs within one window; one more fails the connection with 1008. */
  readonly maxControlFrames: number;
  readonly controlWindowMs: number;
}

/**
 * Counts pings and pongs in windows that begin with the first frame after the last window ended. Two numbers
 * instead of a list of times: a burst over the border of two windows may pass with twice the count.
 */
export class ControlRate {
  readonly #limits: ControlRateLimits;
  #windowEndMs = Number.NEGATIVE_INFINITY;
  #count = 0;

  constructor(limits: ControlRateLimits) {
    this.#limits = limits;
  }

  /** @throws {FrameError} `TOO_MANY_CONTROL_FRAMES`. */
  count(nowMs: number): void {
    const { maxControlFrames, controlWindowMs } = this.#limits;
    if (nowMs >= this.#windowEndMs) {
      this.#windowEndMs = nowMs + controlWindowMs;
      this.#count = 0;
    }
    if (++this.#count > maxControlFrames) {
      throw new FrameError(
        'TOO_MANY_CONTROL_FRAMES',
        `more pings and pongs than maxControlFrames (${maxControlFrames}) within ${controlWindowMs} ms`,
      );
    }
  }
}
