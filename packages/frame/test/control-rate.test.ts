import { expect, it } from 'vitest';
import { ControlRate } from '../src/control-rate.ts';

const limits = { maxControlFrames: 3, controlWindowMs: 10_000 };

it('refuses the frame that is one too many in a window', () => {
  const rate = new ControlRate(limits);
  for (const nowMs of [0, 5, 9_999]) rate.count(nowMs);
  expect(() => rate.count(9_999)).toThrow(expect.objectContaining({ code: 'TOO_MANY_CONTROL_FRAMES' }));
});

it('counts anew when the window is over', () => {
  const rate = new ControlRate(limits);
  for (const nowMs of [0, 0, 0, 10_000, 10_001, 12_000]) rate.count(nowMs);
  expect(() => rate.count(12_001)).toThrow();
});

it('never refuses without a limit', () => {
  const rate = new ControlRate({ maxControlFrames: Number.POSITIVE_INFINITY, controlWindowMs: 1 });
  for (let count = 0; count < 1_000; count++) rate.count(0);
});
