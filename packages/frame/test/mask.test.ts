import { fc, test } from '@fast-check/vitest';
import { expect, it } from 'vitest';
import { applyMask, WORD_MASK_MIN_BYTES, wordsOver } from '../src/mask.ts';

/** §5.3 word for word. */
function maskSlowly(payload: Uint8Array, maskKey: number, phase: number): Uint8Array {
  return payload.map((byte, index) => byte ^ ((maskKey >>> (((index + phase) & 3) * 8)) & 0xff));
}

test.prop([fc.uint8Array({ maxLength: 300 }), fc.nat(9), fc.nat(9), fc.integer(), fc.nat(7)])(
  'does what §5.3 says, at any alignment and phase, and leaves the neighbours alone',
  (payload, before, viewOffset, maskKey, phase) => {
    const memory = new Uint8Array(viewOffset + before + payload.length + 5).fill(0x55);
    const bytes = memory.subarray(viewOffset);
    bytes.set(payload, before);
    const want = maskSlowly(payload, maskKey, phase);

    const ascii = applyMask(bytes, before, before + payload.length, maskKey, phase);

    expect(bytes.subarray(before, before + payload.length)).toEqual(want);
    expect(ascii).toBe(want.every((byte) => byte < 0x80));
    expect(memory.subarray(0, viewOffset + before).every((byte) => byte === 0x55)).toBe(true);
    expect(memory.subarray(-5).every((byte) => byte === 0x55)).toBe(true);
  },
);

it('finds a single byte that is not ASCII, wherever it stands', () => {
  const length = WORD_MASK_MIN_BYTES + 9;
  for (let position = 0; position < length; position++) {
    const bytes = new Uint8Array(length).fill(0x41);
    bytes[position] = 0x80;
    expect(applyMask(bytes, 0, length, 0, 0), `at ${position}`).toBe(false);
  }
});

it('works on words made once for many calls', () => {
  const bytes = new Uint8Array(400);
  const words = wordsOver(bytes);
  applyMask(bytes, 3, 203, 0x01020304, 0, words);
  applyMask(bytes, 203, 399, 0x01020304, 200, words);
  const want = new Uint8Array(400);
  want.set(maskSlowly(new Uint8Array(396), 0x01020304, 0), 3);
  expect(bytes).toEqual(want);
});
