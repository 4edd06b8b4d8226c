import type { TimerEnvironment } from '@typewire/core';
import { nanoid } from 'nanoid';

/** The platform's clock, timers, randomness and ids. Timers do not keep a process alive. */
export const platformEnvironment: TimerEnvironment = {
  now: () => performance.now(),
  random: () => Math.random(),
  createId: () => nanoid(),
  setTimer(delayMs, callback) {
    const timer = setTimeout(callback, delayMs);
    if (typeof timer === 'object') timer.unref();
    return () => clearTimeout(timer);
  },
  // After everything the poll phase brought in has been handled: answers to many clients then leave together.
  defer:
    typeof setImmediate === 'function'
      ? (callback) => void setImmediate(callback)
      : (callback) => queueMicrotask(callback),
};
