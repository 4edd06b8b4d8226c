import { expect, it } from 'vitest';
import { fingerprintOf } from '../src/idempotency/fingerprint.ts';

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

it('is the same for the same input', () => {
  const fields = () => [{ a: 1, b: 'ä' }, { values: { c: ['Date'] }, v: 1 }, [bytes(1, 2), bytes(3)]];

  expect(fingerprintOf(fields())).toBe(fingerprintOf(fields()));
});

it('tells inputs apart: none, null, one with metadata and one without, and wherever the bytes differ', () => {
  const inputs = [
    [],
    [null],
    [1],
    ['1'],
    [12],
    [1, 2],
    [{ a: 1 }],
    [{ a: 2 }],
    ['x', { values: ['Date'], v: 1 }],
    ['x', { values: ['URL'], v: 1 }],
    [null, {}, [bytes(1, 2), bytes(3)]],
    [null, {}, [bytes(1), bytes(2, 3)]],
    [null, {}, [bytes(1, 2, 3)]],
    [null, {}, [bytes(1, 2, 4)]],
  ];

  expect(new Set(inputs.map(fingerprintOf)).size).toBe(inputs.length);
});

it('tells 200,000 inputs of one length apart', () => {
  const seen = new Set<string>();
  for (let index = 0; index < 200_000; index++) seen.add(fingerprintOf([`order ${String(index).padStart(9, '0')}`]));

  expect(seen.size).toBe(200_000);
});
