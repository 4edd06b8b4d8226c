import { fc, test } from '@fast-check/vitest';
import { expect, it } from 'vitest';
import { platformText } from '../src/text-ops.ts';
import { fromHex, utf8, wellFormed } from './bytes.ts';

test.prop([fc.string({ unit: 'binary', maxLength: 60 }), fc.nat(5)])(
  'writes and reads the same text',
  (text, offset) => {
    const target = new Uint8Array(offset + text.length * 3);
    const written = platformText.write(text, target, offset);
    expect(target.subarray(offset, offset + written)).toEqual(utf8(text));
    expect(platformText.byteLength(text)).toBe(written);
    expect(platformText.decode(target, offset, offset + written, false)).toBe(wellFormed(text));
  },
);

it('keeps a byte order mark, which is part of the message', () => {
  expect(platformText.decode(fromHex('efbbbf41'), 0, 4, false)).toBe('\ufeffA');
});

it('counts and writes lone surrogates as U+FFFD', () => {
  const target = new Uint8Array(9);
  expect(platformText.byteLength('\udc00a\ud800')).toBe(7);
  expect(platformText.write('\udc00a\ud800', target, 0)).toBe(7);
  expect(platformText.decode(target, 0, 7, false)).toBe('\ufffda\ufffd');
});
