import { expect, it } from 'vitest';
import { Scratch } from '../src/scratch.ts';

it('is used by one at a time', () => {
  const scratch = new Scratch();
  expect(scratch.take(100)).toBe(true);
  expect(scratch.take(100)).toBe(false);
  scratch.release(0);
  expect(scratch.take(100)).toBe(true);
});

it('begins at the same place when the bytes are free again, behind them when they are not', () => {
  const scratch = new Scratch();
  const { memory } = scratch;
  scratch.take(100);
  scratch.release(0);
  expect(scratch.start).toBe(0);
  scratch.take(100);
  scratch.release(100);
  expect(scratch.start).toBe(100);
  expect(scratch.memory).toBe(memory);
});

it('begins a fresh buffer when half of it is in use', () => {
  const scratch = new Scratch();
  const { memory } = scratch;
  scratch.take(100);
  scratch.release(memory.length / 2 + 1);
  expect(scratch.memory).not.toBe(memory);
  expect(scratch.start).toBe(0);
});

it('has no room for frames that might not fit', () => {
  expect(new Scratch().take(40_000)).toBe(false);
});
