import { expect, it } from 'vitest';
import { compare } from './comparison.ts';

const subject = { name: 'echo', targets: { ws: 2, tcp: null } };

it('takes the ratio inside each round before reducing', () => {
  // The last round was busy for both: the ratio of the medians would be 4.
  const figures = new Map([
    ['ours', [10, 10, 40]],
    ['ws', [20, 40, 80]],
  ]);
  expect(compare(subject, 'ours', figures)).toEqual([
    { row: { case: 'echo', peer: 'ws', ours: 10, theirs: 40, ratio: 2, target: 2 }, spread: [2, 4] },
  ]);
});

it('shows the peers alone while ours does not run', () => {
  expect(compare(subject, 'ours', new Map([['tcp', [3, 5]]]))).toEqual([
    { row: { case: 'echo', peer: 'tcp', ours: null, theirs: 4, ratio: null, target: null }, spread: null },
  ]);
});

it('leaves out a peer that did not run', () => {
  expect(compare(subject, 'ours', new Map([['ours', [1]]]))).toEqual([]);
});

it('puts a goal beside ours as if it were a peer', () => {
  const figures = new Map([['ours', [4, 16]]]);
  expect(compare({ name: 'idle', targets: {}, goal: 8 }, 'ours', figures)).toEqual([
    { row: { case: 'idle', peer: 'the goal', ours: 10, theirs: 8, ratio: 0.8, target: 1 }, spread: [0.5, 2] },
  ]);
});
