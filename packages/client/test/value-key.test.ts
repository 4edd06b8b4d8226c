import { fc, test } from '@fast-check/vitest';
import { expect, it } from 'vitest';
import { valueKey } from '../src/store.ts';

it.each([
  ['the order of keys', { a: 1, b: 2 }, { b: 2, a: 1 }],
  ['a key without a value', { a: 1 }, { a: 1, b: undefined }],
  ['dates', { at: new Date(5) }, { at: new Date(5) }],
  ['the order of entries', new Map([['a', 1]]).set('b', 2), new Map([['b', 2]]).set('a', 1)],
  ['the order of members', new Set([1, 2]), new Set([2, 1])],
  ['bytes', new Uint8Array([1, 2]), new Uint8Array([0, 1, 2]).subarray(1)],
  ['addresses', new URL('https://example.com'), new URL('https://example.com/')],
  ['what says itself as JSON', [{ toJSON: () => 'x' }].map(tagged)[0], [{ toJSON: () => 'x' }].map(tagged)[0]],
])('is equal whatever %s', (_name, left, right) => {
  expect(valueKey(left)).toBe(valueKey(right));
});

/** An object of a class, which is not plain. */
function tagged<Value extends object>(value: Value): Value {
  class Tagged {}
  return Object.assign(new Tagged(), value);
}

it('differs for what only looks alike', () => {
  const values = [
    '1',
    1,
    1n,
    null,
    undefined,
    true,
    'true',
    Number.NaN,
    [],
    {},
    [1, 2],
    [2, 1],
    ['1,2'],
    { a: 1 },
    [['a', 1]],
    new Map([['a', 1]]),
    new Set([1]),
    new Date(1),
    new Date(1).toISOString(),
    new Uint8Array([1]),
    /1/,
    { 'a":1,"b': 2 },
    { a: 1, b: 2 },
    new Blob(['1']),
    new Blob(['1']),
  ];
  expect(new Set(values.map((value) => valueKey(value))).size).toBe(values.length);
});

it('is the same for the same object that has no content to compare', () => {
  const blob = new Blob(['1']);
  expect(valueKey({ blob })).toBe(valueKey({ blob }));
});

it('refuses what cannot travel, and what contains itself', () => {
  const circle: Record<string, unknown> = {};
  circle['self'] = circle;
  expect(() => valueKey(circle)).toThrow(/nested more than 64 levels deep, or contain themselves/);
  expect(() => valueKey({ run: () => {} })).toThrow(/hold a function/);
  expect(() => valueKey([Symbol('x')])).toThrow(/hold a symbol/);
});

test.prop([fc.jsonValue(), fc.jsonValue()])('is equal for JSON exactly when the JSON is', (left, right) => {
  const canonical = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(canonical);
    if (typeof value !== 'object' || value === null) return Object.is(value, -0) ? 0 : value;
    return Object.fromEntries(
      Object.entries(value)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, item]) => [key, canonical(item)]),
    );
  };
  const isEqual = JSON.stringify(canonical(left)) === JSON.stringify(canonical(right));
  expect(valueKey(left) === valueKey(right)).toBe(isEqual);
  expect(valueKey(structuredClone(left))).toBe(valueKey(left));
});
