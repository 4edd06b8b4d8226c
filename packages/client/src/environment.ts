import type { TimerEnvironment } from '@typewire/core';
import { nanoid } from 'nanoid';

/** The platform's clock, timer, randomness and ids. */
export const platformEnvironment: TimerEnvironment = {
  // Comparable with `Date.now()`, so that `retryAtMs` can be shown as a countdown, but never set back.
  now: () => performance.timeOrigin + performance.now(),
  random: () => Math.random(),
  createId: (length = 22) => nanoid(length),
  setTimer(delayMs, callback) {
    // Longer delays overflow to zero; whoever set the timer looks at the clock again when it fires.
    const timer = setTimeout(callback, Math.min(delayMs, 2_147_483_647));
    return () => clearTimeout(timer);
  },
  defer: (callback) => queueMicrotask(callback),
};
