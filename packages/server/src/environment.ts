import type { TimerEnvironment } from '@typewire/core';
import { nanoid } from 'nanoid';
import type { TokenEnvironment } from './session-token.ts';

/** What a wire takes of its platform. */
export interface WireEnvironment extends TimerEnvironment, TokenEnvironment {
  /** The time of day, in milliseconds since 1970: what times that others name are compared with, and nothing else. */
  wallNow(): number;
}

/** The platform's clock, timers, randomness, ids and hash. Timers do not keep a process alive. */
export const platformEnvironment: WireEnvironment = {
  now: () => performance.now(),
  wallNow: () => Date.now(),
  random: () => Math.random(),
  createId: (length = 22) => nanoid(length),
  async hash(text) {
    const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
    return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
  },
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
