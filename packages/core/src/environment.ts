/**
 * Everything a machine may know of the world around it. Drivers pass the real one, tests a fake one, and nothing
 * below the drivers reaches for a clock, a random number or an id by itself.
 */
export interface Environment {
  /** Milliseconds on a clock that never goes back; only differences count. */
  now(): number;
  /** Uniform in `[0, 1)`. Spreads retries and heartbeats; never used where a value must be unguessable. */
  random(): number;
  /** An unguessable id of `length` URL-safe characters of 6 bits each, as nanoid makes them. @default 22 */
  createId(length?: number): string;
}

/** What a driver adds to an environment: the one timer it may set, and the end of the current tick. */
export interface TimerEnvironment extends Environment {
  /** Runs `callback` once when the work of this tick is done, so that what it produced can leave together. */
  defer(callback: () => void): void;
  /** Runs `callback` once after `delayMs`; the returned function cancels it and may be called at any time. */
  setTimer(delayMs: number, callback: () => void): () => void;
}
