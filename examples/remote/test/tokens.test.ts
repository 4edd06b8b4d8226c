import { expect, it } from 'vitest';
import { createToken, readToken } from '../server/tokens.ts';

const secret = 'a secret of this test';

it('reads the tokens it has made', () => {
  expect(readToken(secret, createToken(secret, { role: 'device', name: 'kitchen' }))).toEqual({
    role: 'device',
    name: 'kitchen',
  });
});

it('reads no token that somebody else has made, or changed', () => {
  const token = createToken(secret, { role: 'device', name: 'kitchen' });
  const [, signature] = token.split('.');
  const operator = Buffer.from(JSON.stringify({ role: 'operator', name: 'kitchen' })).toString('base64url');
  const forged = [
    createToken('another secret', { role: 'operator', name: 'eve' }),
    `${operator}.${signature}`,
    '',
    'nonsense',
    `${operator}.`,
  ];
  expect(forged.map((text) => readToken(secret, text))).toEqual([null, null, null, null, null]);
});

it('makes none for names that could be mistaken for something else', () => {
  expect(() => createToken(secret, { role: 'device', name: 'kitchen operator' })).toThrow('lower case letters');
});
