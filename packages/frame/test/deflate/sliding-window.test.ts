import { fc, test } from '@fast-check/vitest';
import { expect, it } from 'vitest';
import { SlidingWindow } from '../../src/deflate/sliding-window.ts';
import { allocateZeroed } from '../../src/growing-buffer.ts';

test.prop([fc.array(fc.uint8Array({ maxLength: 700 }), { maxLength: 12 })])(
  'holds the last bytes of everything, as many as there is room for',
  (pieces) => {
    const window = new SlidingWindow(8, allocateZeroed);
    let all = Buffer.alloc(0);
    for (const piece of pieces) {
      window.push(piece);
      all = Buffer.concat([all, piece]);
      expect(Buffer.from(window.bytes ?? []).equals(all.subarray(-256))).toBe(true);
    }
  },
);

it('takes no memory before there is something to keep, and no more than its size', () => {
  const taken: number[] = [];
  const window = new SlidingWindow(12, (bytes) => {
    taken.push(bytes);
    return new Uint8Array(bytes);
  });
  expect(taken).toEqual([0]);
  for (let count = 0; count < 1_000; count++) window.push(new Uint8Array(100));
  window.push(new Uint8Array(100_000));
  expect(Math.max(...taken)).toBe(4_096);
  expect(taken.length).toBeLessThan(10);
});
