import { describe, expect, it } from 'vitest';
import { CloseCode, isTerminalClose } from '../src/close-codes.ts';

describe('a client', () => {
  it.each([1000, 1001, 1005, 1006, 1011, 1012, 1013, 1014, 1015, 3000, 3999, 4000, 4001, 4002, 4008, 4499, 5000])(
    'comes back after %i',
    (code) => {
      expect(isTerminalClose(code)).toBe(false);
    },
  );

  it.each([1002, 1003, 1007, 1008, 1009, 4500, 4501, 4502, 4503, 4505, 4999])('stays away after %i', (code) => {
    expect(isTerminalClose(code)).toBe(true);
  });
});

it('gives every code a number of its own', () => {
  const codes = Object.values(CloseCode);

  expect(new Set(codes).size).toBe(codes.length);
});
