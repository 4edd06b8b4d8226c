import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { platformText } from '../src/text-ops.ts';
import { cutToBytes, Utf8Validator } from '../src/utf8.ts';
import { concat, cut, fromHex, utf8 } from './bytes.ts';

function isValid(chunks: readonly Uint8Array[]): boolean {
  const validator = new Utf8Validator(platformText.isUtf8);
  return chunks.every((chunk) => validator.push(chunk, 0, chunk.length)) && validator.complete;
}

/** How many bytes are taken before the validator says no. */
function acceptedBytes(bytes: Uint8Array): number {
  const validator = new Utf8Validator(platformText.isUtf8);
  const bad = bytes.findIndex((_, at) => !validator.push(bytes, at, at + 1));
  return bad === -1 ? bytes.length : bad;
}

const interesting = fc.oneof(
  fc.uint8Array({ maxLength: 200 }),
  fc.string({ unit: 'binary', maxLength: 100 }).map(utf8),
  fc
    .tuple(fc.string({ unit: 'binary', maxLength: 60 }), fc.uint8Array({ maxLength: 3 }), fc.string())
    .map(([before, bytes, after]) => concat(utf8(before), bytes, utf8(after))),
);

describe('Utf8Validator', () => {
  test.prop([interesting, fc.array(fc.integer({ min: 1, max: 90 }))])(
    'agrees with TextDecoder, however the bytes are cut',
    (bytes, lengths) => {
      expect(isValid(cut(bytes, lengths))).toBe(platformText.isUtf8(bytes, 0, bytes.length));
    },
  );

  it('agrees with TextDecoder on every pair of first bytes', () => {
    const wrong: number[][] = [];
    for (let first = 0x80; first < 0x100; first++) {
      for (let second = 0; second < 0x100; second++) {
        for (const rest of [[], [0x80], [0x80, 0x80]]) {
          const bytes = new Uint8Array([first, second, ...rest]);
          if (isValid([bytes]) !== platformText.isUtf8(bytes, 0, bytes.length)) wrong.push([...bytes]);
        }
      }
    }
    expect(wrong).toEqual([]);
  });

  it.each([
    ['a continuation byte alone', '80', 0],
    ['an overlong slash', 'c0af', 0],
    ['an overlong code point of three bytes', 'e09f80', 1],
    ['an overlong code point of four bytes', 'f08f8080', 1],
    ['a surrogate', 'eda080', 1],
    ['a code point above U+10FFFF', 'f4908080', 1],
    ['a lead byte that never occurs', 'f5', 0],
    ['a code point broken off by ASCII', 'e28241', 2],
  ])('says no at the very byte: %s', (_, hex, position) => {
    const bytes = fromHex(hex);
    expect(acceptedBytes(bytes)).toBe(position);
    // The same far into a long piece, where the fast check is at work.
    const validator = new Utf8Validator(platformText.isUtf8);
    const long = concat(utf8('ä'.repeat(100)), bytes.subarray(0, position + 1));
    expect(validator.push(long, 0, long.length)).toBe(false);
  });

  it('does not take the beginning of a code point for the whole text', () => {
    const validator = new Utf8Validator(platformText.isUtf8);
    expect(validator.push(fromHex('f09f98'), 0, 3)).toBe(true);
    expect(validator.complete).toBe(false);
    validator.reset();
    expect(validator.complete).toBe(true);
  });
});

describe('cutToBytes', () => {
  it('leaves what fits as it is', () => {
    expect(cutToBytes('a'.repeat(123), 123)).toBe('a'.repeat(123));
  });

  test.prop([fc.string({ unit: 'binary', maxLength: 100 }), fc.nat(130)])(
    'gives the longest beginning of whole code points that fits',
    (text, maxBytes) => {
      const short = cutToBytes(text, maxBytes);
      expect(text.startsWith(short)).toBe(true);
      expect(utf8(short).length).toBeLessThanOrEqual(maxBytes);
      const [next = ''] = text.slice(short.length);
      if (next !== '') expect(utf8(short + next).length).toBeGreaterThan(maxBytes);
    },
  );

  it('counts a lone surrogate as the replacement it will become', () => {
    expect(cutToBytes('\ud800\ud800', 5)).toBe('\ud800');
  });
});
