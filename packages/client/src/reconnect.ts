import { UsageError } from '@typewire/core';
import { reportUncaught } from './events.ts';

/** Chooses the delay before an attempt to reconnect, in milliseconds. */
export type RetryDelay = (attempt: number, random: () => number) => number | null;

const BASE_MS = 500;
const CAP_MS = 30_000;
const FIRST_MS = 1_000;

/**
 * Uniform between 0 and a bound that doubles from 500 ms up to 30 s. The first attempt too waits, up to 1 s: when a
 * server restarts, all its clients notice at the same moment. protocol: "Leaving".
 */
export const fullJitter: (...args: Parameters<RetryDelay>) => number = (attempt, random) =>
  random() * (attempt === 1 ? FIRST_MS : Math.min(CAP_MS, BASE_MS * 2 ** attempt));

/** The server said when to come back: anywhere in `[hint, 2 × hint)`, so that its hints need not be exact. */
export function hintedDelay(retryAfterMs: number, random: () => number): number {
  return retryAfterMs * (1 + random());
}

/** What `retryDelayMs` says. One with a bug is reported, and the default used: it neither hangs nor spins. */
export function chosenDelay(retryDelayMs: RetryDelay, attempt: number, random: () => number): number | null {
  try {
    const delayMs: unknown = retryDelayMs(attempt, random);
    if (delayMs === null || (typeof delayMs === 'number' && delayMs >= 0 && delayMs < Number.POSITIVE_INFINITY)) {
      return delayMs;
    }
    reportUncaught(new UsageError('BAD_OPTION', `retryDelayMs returned ${String(delayMs)}, not a delay or null`));
  } catch (error) {
    reportUncaught(error);
  }
  return fullJitter(attempt, random);
}
