import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { createHeader, headerBytes, MAX_HEADER_BYTES, readHeader, writeHeader } from '../src/header.ts';
import { Opcode } from '../src/opcode.ts';
import { fromHex, toHex } from './bytes.ts';

function read(hex: string): { length: number; payloadBytes: number } {
  const bytes = fromHex(hex);
  const header = createHeader();
  return { length: readHeader(bytes, 0, bytes.length, header), payloadBytes: header.payloadBytes };
}

describe('lengths', () => {
  it.each([
    [0, '8200'],
    [1, '8201'],
    [125, '827d'],
    [126, '827e007e'],
    [127, '827e007f'],
    [65_535, '827effff'],
    [65_536, '827f0000000000010000'],
    [2 ** 31 - 1, '827f000000007fffffff'],
    [2 ** 31, '827f0000000080000000'],
    [2 ** 31 + 1, '827f0000000080000001'],
    [2 ** 32 - 1, '827f00000000ffffffff'],
    [2 ** 32, '827f0000000100000000'],
    [2 ** 32 + 1, '827f0000000100000001'],
    [2 ** 53 - 1, '827f001fffffffffffff'],
  ])('reads and writes %d', (payloadBytes, hex) => {
    expect(read(hex)).toEqual({ length: hex.length / 2, payloadBytes });
    const target = new Uint8Array(MAX_HEADER_BYTES);
    const end = writeHeader(target, 0, Opcode.Binary, true, payloadBytes, null);
    expect(toHex(target.subarray(0, end))).toBe(hex);
    expect(headerBytes(payloadBytes, false)).toBe(end);
    expect(headerBytes(payloadBytes, true)).toBe(end + 4);
  });

  it.each([
    ['2^53', '827f0020000000000000'],
    ['2^53 + 1', '827f0020000000000001'],
    ['2^63', '827f8000000000000000'],
    ['2^64 - 1', '827fffffffffffffffff'],
  ])('refuses %s, which no number can hold', (_, hex) => {
    expect(() => read(hex)).toThrow(expect.objectContaining({ code: 'PAYLOAD_TOO_BIG' }));
  });

  it.each([
    ['0 in 16 bits', '827e0000'],
    ['125 in 16 bits', '827e007d'],
    ['0 in 64 bits', '827f0000000000000000'],
    ['126 in 64 bits', '827f000000000000007e'],
    ['65,535 in 64 bits', '827f000000000000ffff'],
  ])('refuses %s, which fits fewer', (_, hex) => {
    expect(() => read(hex)).toThrow(expect.objectContaining({ code: 'NON_MINIMAL_LENGTH' }));
  });
});

it.each([3, 4, 5, 6, 7, 0xb, 0xc, 0xd, 0xe, 0xf])('refuses the reserved opcode %i', (opcode) => {
  expect(() => read(`8${opcode.toString(16)}00`)).toThrow(expect.objectContaining({ code: 'UNKNOWN_OPCODE' }));
});

it('says "not yet" for every header that is cut', () => {
  for (const hex of ['8280 01020304', '82fe 0100 01020304', '82ff 0000000000010000 01020304']) {
    const bytes = fromHex(hex);
    for (let end = 0; end < bytes.length; end++) expect(readHeader(bytes, 0, end, createHeader())).toBe(0);
    expect(readHeader(bytes, 0, bytes.length, createHeader())).toBe(bytes.length);
  }
});

test.prop([
  fc.constantFrom(...Object.values(Opcode)),
  fc.boolean(),
  fc.oneof(fc.nat(70_000), fc.maxSafeNat()),
  fc.option(fc.integer(), { nil: null }),
  fc.nat(20),
])('reads what it wrote, wherever it lies', (opcode, fin, payloadBytes, maskKey, offset) => {
  const bytes = new Uint8Array(offset + MAX_HEADER_BYTES).fill(0xff);
  const end = writeHeader(bytes, offset, opcode, fin, payloadBytes, maskKey);
  const header = createHeader();
  expect(readHeader(bytes, offset, bytes.length, header)).toBe(end - offset);
  expect(header).toEqual({ fin, rsv: 0, opcode, masked: maskKey !== null, maskKey: maskKey ?? 0, payloadBytes });
});

test.prop([fc.uint8Array({ maxLength: 20 })])('never reads past the end, whatever the bytes', (bytes) => {
  const header = createHeader();
  try {
    expect(readHeader(bytes, 0, bytes.length, header)).toBeLessThanOrEqual(bytes.length);
  } catch (error) {
    expect(error).toMatchObject({ name: 'FrameError' });
  }
});
