import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { answerChallenge, createKey } from '../../src/draft76/challenge.ts';
import vectors from '../../vectors/draft76.json' with { type: 'json' };

const md5 = (data: Uint8Array) => createHash('md5').update(data).digest();
const key3 = Buffer.from('Tm[K T2u', 'latin1');

describe('the challenge of draft-76', () => {
  it.each(vectors)('$name', ({ key1, key2, key3Text, key3Hex, answerText, refused }) => {
    const third = key3Text === undefined ? Buffer.from(String(key3Hex), 'hex') : Buffer.from(key3Text, 'latin1');
    const answer = () => Buffer.from(answerChallenge(key1, key2, third, md5)).toString('latin1');
    if (refused === true) expect(answer).toThrowError(expect.objectContaining({ code: 'BAD_KEY', status: 400 }));
    else expect(answer()).toBe(answerText);
  });

  it.each([
    ['no digits', 'a b'],
    ['no spaces', '1234'],
    ['nothing', ''],
    ['a quotient of 33 bits', '4294967296 '],
    ['digits without end', `${'9'.repeat(4_000)} `],
  ])('refuses a key with %s', (_, key) => {
    expect(() => answerChallenge(key, '4 @1  46546xW%0l 1 5', key3, md5)).toThrowError(
      expect.objectContaining({ code: 'BAD_KEY' }),
    );
  });

  it('takes 0 for a number', () => {
    expect(() => answerChallenge('0 ', '0 ', key3, md5)).not.toThrow();
  });

  it('makes keys that are none of the last and that every server can divide', () => {
    const keys = new Set<string>();
    for (let count = 0; count < 500; count++) {
      const key = createKey(randomBytes);
      expect(key).toMatch(/^[!-~](?:[ -~]*[!-~])$/);
      expect(() => answerChallenge(key, key, key3, md5)).not.toThrow();
      keys.add(key);
    }
    expect(keys.size).toBe(500);
  });
});
