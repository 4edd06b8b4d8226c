import { expect, it } from 'vitest';
import { seededRandom } from '../src/seeded-random.ts';

function take(count: number, seed: number): number[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, random);
}

it('gives the same numbers for the same seed', () => {
  expect(take(1_000, 42)).toEqual(take(1_000, 42));
});

it('gives these very numbers, so that a failure can be run again years later', () => {
  expect(take(3, 1)).toEqual([0.6270739405881613, 0.002735721180215478, 0.5274470399599522]);
});

it('gives other numbers for another seed', () => {
  expect(take(10, 1)).not.toEqual(take(10, 2));
});

it.each([0, 1, -1, 2 ** 32 - 1])('stays in [0, 1) and spreads evenly from seed %i', (seed) => {
  const numbers = take(10_000, seed);
  const tenths = new Array<number>(10).fill(0);
  for (const number of numbers) tenths[Math.floor(number * 10)] = (tenths[Math.floor(number * 10)] ?? 0) + 1;

  expect(numbers.every((number) => number >= 0 && number < 1)).toBe(true);
  expect(tenths).toHaveLength(10);
  for (const count of tenths) expect(Math.abs(count - 1_000)).toBeLessThan(150);
});
