import { fc, test } from '@fast-check/vitest';
import { afterEach, expect, it, vi } from 'vitest';
import { allocateZeroed, GrowingBuffer } from '../src/growing-buffer.ts';
import { concat } from './bytes.ts';

afterEach(() => void vi.restoreAllMocks());

test.prop([fc.array(fc.uint8Array({ maxLength: 400 }), { maxLength: 30 }), fc.nat(20_000)])(
  'joins pieces, whatever length was announced',
  (pieces, expectedBytes) => {
    const buffer = new GrowingBuffer(allocateZeroed);
    for (const piece of pieces) buffer.append(piece, 0, piece.length, expectedBytes);
    const joined = concat(...pieces);
    expect(buffer.length).toBe(joined.length);
    expect(buffer.peek().subarray(0, joined.length)).toEqual(joined);
    const taken = buffer.take();
    expect(taken).toEqual(joined);
    expect(taken.buffer.byteLength, 'no spare memory, no memory of others').toBe(joined.length);
    expect(buffer.length).toBe(0);
  },
);

it('takes the announced memory only when a quarter of it has arrived', () => {
  const sizes: number[] = [];
  const buffer = new GrowingBuffer((bytes) => {
    sizes.push(bytes);
    return new Uint8Array(bytes);
  });
  buffer.append(new Uint8Array(1), 0, 1, 1_000_000);
  expect(Math.max(...sizes)).toBeLessThan(1_000);
  buffer.append(new Uint8Array(250_000), 0, 250_000, 1_000_000);
  expect(sizes.at(-1)).toBe(1_000_000);
});

it('copies each byte a few times at most, in however many pieces it comes', () => {
  const set = vi.spyOn(Uint8Array.prototype, 'set');
  const copiedFor = (count: number): number => {
    set.mockClear();
    const buffer = new GrowingBuffer(allocateZeroed);
    const piece = new Uint8Array(1);
    for (let length = 1; length <= count; length++) buffer.append(piece, 0, 1, length);
    return set.mock.calls.reduce((total, [source]) => total + (source as Uint8Array).length, 0);
  };
  expect(copiedFor(4_000)).toBeLessThan(4_000 * 4);
  expect(copiedFor(64_000)).toBeLessThan(64_000 * 4);
});
