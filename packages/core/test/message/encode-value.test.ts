import { describe, expect, it } from 'vitest';
import type { Serializer } from '../../src/message/serializer.ts';
import { createSuperjsonSerializer } from '../../src/message/superjson-serializer.ts';
import { encodeValue } from '../../src/message/value.ts';

const serializer = createSuperjsonSerializer();

/** Fails when a value reaches it: what is plain JSON must not. */
const untouchable: Serializer = {
  serialize: () => {
    throw new Error('serialize was called');
  },
  deserialize: () => {
    throw new Error('deserialize was called');
  },
};

function nested(levels: number, wrap: (inner: unknown) => unknown): unknown {
  let value: unknown = 'core';
  for (let level = 0; level < levels; level++) value = wrap(value);
  return value;
}

describe('plain JSON', () => {
  it.each([
    ['null', null],
    ['false', false],
    ['zero', 0],
    ['an empty string', ''],
    ['a float', 1e-7],
    ['an empty array', []],
    ['an object without prototype', Object.assign(Object.create(null), { a: 1 })],
    ['arrays and objects in each other', { a: [{ b: [null, true, 'x'] }], 'c.d': '\u2028' }],
    ['64 levels', nested(64, (inner) => [inner])],
  ])('never reaches the serializer: %s', (_name, value) => {
    expect(encodeValue(untouchable, value)).toBe(`,${JSON.stringify(value)}`);
  });

  it('leaves nothing behind for undefined', () => {
    expect(encodeValue(untouchable, undefined)).toBe('');
  });
});

describe('a value that cannot travel', () => {
  class Point {
    readonly x = 1;
  }
  const circular: Record<string, unknown> = {};
  circular['self'] = circular;

  it.each<[string, unknown, string]>([
    ['a function', () => 1, 'a function'],
    ['a symbol', Symbol('s'), 'a symbol'],
    ['a promise', Promise.resolve(), 'Promise'],
    ['a regular expression', /x/, 'RegExp'],
    ['an instance of a class', new Point(), 'Point'],
    ['an object made from another', Object.create({ a: 1 }), 'an instance of'],
    ['a wrapped number', Object(1), 'Number'],
    ['a WeakMap', new WeakMap(), 'WeakMap'],
    ['a SharedArrayBuffer', new SharedArrayBuffer(8), 'SharedArrayBuffer'],
    [
      'more than 1,024 arrays of bytes',
      Array.from({ length: 1_025 }, () => new Uint8Array(1)),
      'of which a message carries 1024',
    ],
    ['an invalid Date', new Date(Number.NaN), 'an invalid Date'],
    // biome-ignore lint/suspicious/noSparseArray: what the test is about
    ['a sparse array', [1, , 2], 'a sparse array'],
    ['a BigInt of 1,025 digits', 10n ** 1_024n, '1024 digits'],
    ['a negative BigInt of 1,025 digits', -(10n ** 1_024n), '1024 digits'],
    ['the key __proto__', JSON.parse('{"__proto__":1}'), '__proto__'],
    ['the key constructor', { constructor: 1 }, 'constructor'],
    ['the key prototype beside a Date', { at: new Date(0), prototype: 1 }, 'prototype'],
    ['65 levels', nested(65, (inner) => [inner]), '64 levels'],
    ['65 levels around a Date', nested(65, (inner) => [inner, new Date(0)]), '64 levels'],
    ['Maps whose JSON is too deep', nested(33, (inner) => new Map([['key', inner]])), '64 levels'],
    ['Sets whose metadata is too deep', nested(33, (inner) => new Set([inner])), '64 levels'],
    ['an object that contains itself', circular, '64 levels'],
  ])('is refused by name: %s', (_name, value, naming) => {
    expect(() => encodeValue(serializer, value)).toThrow(
      expect.objectContaining({
        name: 'UsageError',
        code: 'UNSERIALIZABLE',
        message: expect.stringContaining(naming),
      }),
    );
  });

  it.each<[string, unknown, string]>([
    ['an array', [() => 1], 'input[0]'],
    ['an object', { deep: { at: new Date(0), run: () => 1 } }, 'input.deep.run'],
    ['an object with odd keys', { 'a b': [{ größe: () => 1 }] }, 'input["a b"][0].größe'],
    ["a Map's value", new Map([['key', () => 1]]), 'input.get("key")'],
    ["a Map's value behind an object", new Map([[{}, () => 1]]), 'input.values()[0]'],
    [
      'an object behind others that are whole',
      [new Map([[1, [new Date(0)]]]), new Set([1]), { f: () => 1 }],
      'input[2].f',
    ],
    ["a Map's key", new Map([[() => 1, 'value']]), 'input.keys()[0]'],
    ['a Set', new Set([0, () => 1]), 'input.values()[1]'],
    ["an Error's cause", new Error('x', { cause: () => 1 }), 'input.cause'],
  ])('is found inside %s', (_name, value, path) => {
    expect(() => encodeValue(serializer, value, 'input')).toThrow(`${path} is a function, which cannot travel`);
  });

  it('is refused when the serializer has no JSON for it', () => {
    const silent: Serializer = { serialize: () => ({ json: undefined }), deserialize: () => undefined };

    expect(() => encodeValue(silent, new Date(0))).toThrow('the serializer returned no JSON');
  });
});

it('keeps the metadata away when the serializer gives none', () => {
  const plain: Serializer = { serialize: (value) => ({ json: String(value) }), deserialize: ({ json }) => json };

  expect(encodeValue(plain, 7n)).toBe(',"7"');
});
