import { fc, test } from '@fast-check/vitest';
import { afterEach, expect, it, vi } from 'vitest';
import { allocateZeroed, GrowingBuffer } from '../src/growing-buffer.ts';
import { concat } from './bytes.ts';

afterEach(() => void vi.restoreAllMocks());

test.prop([fc.array(fc.uint8Array({ maxLength: 400 }), { maxLength: 30 }), fc.nat(20_000), fc.boolean()])(
  'joins pieces, whatever length was announced',
  (pieces, expectedBytes, complete) => {
    const buffer = new GrowingBuffer(allocateZeroed);
    for (const piece of pieces) buffer.append(piece, 0, piece.length, expectedBytes, complete);
    const joined = concat(...pieces);
    expect(buffer.length).toBe(joined.length);
    expect(buffer.peek().subarray(0, joined.length)).toEqual(joined);
    const taken = buffer.take();
    expect(taken).toEqual(joined);
    expect(taken.buffer.byteLength, 'no spare memory, no memory of others').toBe(joined.length);
    expect(buffer.length).toBe(0);
  },
);

it('takes the announced memory only when a sixteenth of it has arrived', () => {
  const sizes: number[] = [];
  const buffer = new GrowingBuffer((bytes) => {
    sizes.push(bytes);
    return new Uint8Array(bytes);
  });
  buffer.append(new Uint8Array(1), 0, 1, 1_000_000, true);
  expect(Math.max(...sizes)).toBeLessThan(1_000);
  buffer.append(new Uint8Array(62_500), 0, 62_500, 1_000_000, true);
  expect(sizes.at(-1)).toBe(1_000_000);
});

it('takes no more than a message will need once its whole length is known', () => {
  const buffer = new GrowingBuffer(allocateZeroed);
  buffer.append(new Uint8Array(600), 0, 600, 600, false);
  buffer.append(new Uint8Array(100), 0, 100, 700, true);
  expect(buffer.peek().length).toBe(700);
});

it('copies each byte a few times at most, in however many pieces it comes', () => {
  const set = vi.spyOn(Uint8Array.prototype, 'set');
  const copiedFor = (count: number): number => {
    set.mockClear();
    const buffer = new GrowingBuffer(allocateZeroed);
    const piece = new Uint8Array(1);
    for (let length = 1; length <= count; length++) buffer.append(piece, 0, 1, length, false);
    return set.mock.calls.reduce((total, [source]) => total + (source as Uint8Array).length, 0);
  };
  expect(copiedFor(4_000)).toBeLessThan(4_000 * 4);
  expect(copiedFor(64_000)).toBeLessThan(64_000 * 4);
});
