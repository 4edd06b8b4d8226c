import { expect, it } from 'vitest';
import { rotate } from './rotate.ts';

it('lets each contender go first in turn', () => {
  expect([0, 1, 2, 3].map((round) => rotate(['A', 'B', 'C'], round).join(''))).toEqual(['ABC', 'BCA', 'CAB', 'ABC']);
});

it('has nothing to rotate in an empty list', () => {
  expect(rotate([], 3)).toEqual([]);
});
