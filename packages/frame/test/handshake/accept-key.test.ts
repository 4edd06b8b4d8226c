import { acceptFor, isHandshakeKey } from '@typewire/frame';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toBase64 } from '../../src/handshake/accept-key.ts';
import vectors from '../../vectors/handshake.json' with { type: 'json' };
import { sha1 } from './request-text.ts';

describe.each(vectors)('$name', ({ key, accept }) => {
  it('answers the key as published', () => {
    expect(isHandshakeKey(key)).toBe(true);
    expect(acceptFor(key, sha1)).toBe(accept);
  });
});

describe('isHandshakeKey', () => {
  it.each([
    ['empty', ''],
    ['15 bytes', Buffer.alloc(15).toString('base64')],
    ['17 bytes', Buffer.alloc(17).toString('base64')],
    ['18 bytes, 24 digits without padding', Buffer.alloc(18).toString('base64')],
    ['the URL alphabet', '__________-----------w=='],
    ['a space inside', 'dGhlIHNhbXBsZSBub25 ZQ=='],
    ['padding in front', '==dGhlIHNhbXBsZSBub25jZQ'],
    ['three padding signs', 'dGhlIHNhbXBsZSBub25jZ==='],
    ['a name of Object.prototype', '__proto__'],
  ])('refuses %s', (_, key) => {
    expect(isHandshakeKey(key)).toBe(false);
  });

  it('takes the base64 of any 16 bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (bytes) => isHandshakeKey(toBase64(bytes))));
  });
});

it('writes the same base64 as everyone else', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
    }),
  );
});
