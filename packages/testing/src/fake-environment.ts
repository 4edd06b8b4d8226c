import type { TimerEnvironment } from '@typewire/core';
import { type FakeClock, fakeClock } from './fake-clock.ts';
import { seededRandom } from './seeded-random.ts';

export interface FakeEnvironment extends TimerEnvironment {
  readonly clock: FakeClock;
  /** Stands for a hash of one way: a test can tell what was hashed. */
  hash(text: string): string;
  /** A time of day that goes on with the clock. */
  wallNow(): number;
}

/** 2026-01-01: what the fake clock's 0 stands for. */
const WALL_START_MS = 1_767_225_600_000;

/** An environment on a clock of its own, with seeded randomness and ids that count: `id-1`, `id-2`, … */
export function fakeEnvironment(options: { seed?: number; clock?: FakeClock } = {}): FakeEnvironment {
  const clock = options.clock ?? fakeClock();
  let ids = 0;
  return {
    clock,
    now: clock.now,
    wallNow: () => WALL_START_MS + clock.now(),
    setTimer: clock.setTimer,
    random: seededRandom(options.seed ?? 1),
    createId: () => `id-${++ids}`,
    hash: (text) => `hash of ${text}`,
    defer: (callback) => queueMicrotask(callback),
  };
}
