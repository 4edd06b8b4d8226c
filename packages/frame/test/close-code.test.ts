import { describe, expect, it } from 'vitest';
import { CloseCode, describeCloseCode, isWireCloseCode } from '../src/close-code.ts';

describe('isWireCloseCode', () => {
  it.each([1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999])(
    'allows %i on the wire',
    (code) => {
      expect(isWireCloseCode(code)).toBe(true);
    },
  );

  it.each([0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535, 1000.5, Number.NaN, -1])(
    'refuses %d on the wire',
    (code) => {
      expect(isWireCloseCode(code)).toBe(false);
    },
  );
});

describe('describeCloseCode', () => {
  it('has words for every code that Typewire sends or reports', () => {
    for (const code of Object.values(CloseCode)) expect(describeCloseCode(code)).not.toMatch(/unknown|application/);
  });

  it('says what it can about codes of others', () => {
    expect(describeCloseCode(1002)).toBe('1002 protocol error');
    expect(describeCloseCode(3500)).toBe('3500 registered');
    expect(describeCloseCode(4321)).toBe('4321 application');
    expect(describeCloseCode(2000)).toBe('2000 unknown');
  });
});
