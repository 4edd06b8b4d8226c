import { expect, it } from 'vitest';
import { draft76FrameTarget } from './draft76-frame-target.ts';
import { draft76RequestTarget, draft76ResponseTarget } from './draft76-head-targets.ts';
import { fuzz } from './fuzz.ts';
import { requestTarget, responseTarget } from './head-targets.ts';
import { deflateTarget, machineTarget } from './machine-target.ts';
import type { FuzzTarget } from './target.ts';

/** The same inputs on each run; `npm run fuzz` looks further. */
const seed = 1;

it.each([
  ['frames', machineTarget, 8_000],
  ['compressed frames', deflateTarget, 2_000],
  ['requests', requestTarget, 4_000],
  ['responses', responseTarget, 4_000],
  ['frames of draft-76', draft76FrameTarget, 4_000],
  ['requests of draft-76', draft76RequestTarget, 4_000],
  ['responses of draft-76', draft76ResponseTarget, 4_000],
] as const)(
  'whatever %s are given, nothing is thrown, nothing contradicts itself, and cuts change nothing',
  (_, target, runs) => {
    expect(target.corpus.length).toBeGreaterThan(20);
    expect(fuzz(target, seed, runs).outcomes.size).toBeGreaterThan(20);
  },
);

it('finds a target that looks at how its input is cut, and names the input', () => {
  const broken: FuzzTarget = {
    ...requestTarget,
    play(input, random) {
      if (random() < 0.001) throw new Error('cut');
      return requestTarget.play(input, random);
    },
  };
  expect(() => fuzz(broken, seed, 10_000)).toThrow(/^requests, seed 1: Error: cut\ninput \(hex\): [0-9a-f]*$/);
});
