import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { Serializer } from '../../src/message/serializer.ts';
import { createSuperjsonSerializer } from '../../src/message/superjson-serializer.ts';
import { describeValue } from '../support/describe-value.ts';
import { expectNoPollution } from '../support/pollution.ts';
import { roundTrip as roundTripOf } from '../support/round-trip.ts';

const serializer = createSuperjsonSerializer();

const roundTrip = (value: unknown, using: Serializer = serializer): unknown => roundTripOf(value, using);

afterEach(expectNoPollution);

const twice = (value: unknown): unknown[] => [value, value];

describe('a value arrives as itself', () => {
  it.each<[string, unknown]>([
    ['undefined', undefined],
    ['null', null],
    ['minus zero', -0],
    ['NaN', Number.NaN],
    ['infinity', Number.POSITIVE_INFINITY],
    ['minus infinity', Number.NEGATIVE_INFINITY],
    ['a BigInt', -(2n ** 200n)],
    ['a BigInt of 1,024 digits', 10n ** 1_024n - 1n],
    ['a negative BigInt of 1,024 digits', 1n - 10n ** 1_024n],
    ['the first Date', new Date(-8.64e15)],
    ['the last Date', new Date(8.64e15)],
    ['a URL', new URL('https://user@example.com:8080/a%20b?c=d#e')],
    ['an Error', new TypeError('bad')],
    ['an Error with a cause', new Error('outer', { cause: new RangeError('inner', { cause: { at: new Date(0) } }) })],
    ['an empty Map', new Map()],
    ['an empty Set', new Set()],
    [
      'a Map with keys of every kind',
      new Map<unknown, unknown>([
        [new Date(0), 1n],
        [{ a: undefined }, new Set([Number.NaN])],
        [undefined, null],
      ]),
    ],
    [
      'a Map with keys that are forbidden in objects',
      new Map([
        ['__proto__', 1],
        ['constructor', 2],
      ]),
    ],
    ['a Set of Maps of Sets', new Set([new Map([['a', new Set([1n])]])])],
    ['an undefined member', { a: undefined, b: 1 }],
    ['an undefined item', [undefined, 1]],
    ['keys with dots and backslashes', { 'a.b': { '\\': { 'c\\.d': 1n, '': new Date(0), '.': undefined } } }],
    ['keys like indices', { '0': 1n, '-1': 2n, '1.5': 3n, length: 4n }],
    ['bytes', new Uint8Array([0, 1, 255])],
    ['an empty typed array', new Float32Array()],
    ['floats', new Float64Array([Number.NaN, Number.NEGATIVE_INFINITY, -0, 5e-324])],
    ['a part of a buffer', new Uint8Array([1, 2, 3, 4]).subarray(1, 3)],
    ['a key called values beside a BigInt', { values: ['Date'], v: 1, json: 1n }],
    ['an object that stands there twice', twice({ at: new Date(0) })],
    [
      '63 levels with a Date in the last',
      Array.from({ length: 62 }).reduce<unknown>((inner) => [inner], [new Date(0)]),
    ],
  ])('%s', (_name, value) => {
    expect(describeValue(roundTrip(value))).toEqual(describeValue(value));
  });

  it.each([
    Int8Array,
    Uint8Array,
    Uint8ClampedArray,
    Int16Array,
    Uint16Array,
    Int32Array,
    Uint32Array,
    Float32Array,
    Float64Array,
  ])('%o', (TypedArray) => {
    const lowest = new TypedArray([-Infinity, 0, Infinity]);
    const bounds = new TypedArray([-(2 ** 31), 2 ** 31, 2 ** 32 - 1, 128, 255, 65_535]);

    expect(roundTrip(lowest)).toEqual(lowest);
    expect(roundTrip(bounds)).toEqual(bounds);
  });

  it('whatever is nested in it', () => {
    const key = fc.oneof(fc.constantFrom('a', 'a.b', '\\', '\\.', '.', '', '0', 'length', 'cause'), fc.string());
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: 'medium', withCrossShrink: true },
        fc.constantFrom<unknown>(null, undefined, Number.NaN, -0, Number.POSITIVE_INFINITY),
        fc.oneof(
          fc.boolean(),
          fc.double(),
          fc.string(),
          fc.constantFrom('é', '👩‍👩‍👧', '\u2028', '\ud800', '\0'),
          fc.bigInt(),
        ),
        fc.date({ noInvalidDate: true }),
        fc.nat().map((page) => new URL(`https://example.com/?page=${page}#é`)),
        fc.float64Array(),
        fc.uint8Array(),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(
          key.filter((name) => !/^(__proto__|constructor|prototype)$/.test(name)),
          tie('value'),
          { maxKeys: 4 },
        ),
        fc.array(tie('value'), { maxLength: 4 }).map((items) => new Set(items)),
        fc.array(fc.tuple(tie('value'), tie('value')), { maxLength: 4 }).map((entries) => new Map(entries)),
        fc.tuple(fc.string(), tie('value')).map(([message, cause]) => new Error(message, { cause })),
      ),
    }));
    fc.assert(
      fc.property(value, (sent) => {
        expect(describeValue(roundTrip(sent))).toEqual(describeValue(sent));
      }),
      { seed: 7, numRuns: 300 },
    );
  });
});

it('reads plain JSON without the serializer', () => {
  const calls: string[] = [];
  const spy: Serializer = {
    serialize(value, name) {
      calls.push('serialize');
      return serializer.serialize(value, name);
    },
    deserialize(parts) {
      calls.push('deserialize');
      return serializer.deserialize(parts);
    },
  };

  roundTrip({ plain: [1, 'x', null] }, spy);
  roundTrip(undefined, spy);
  expect(calls).toEqual([]);

  roundTrip({ rich: new Date(0) }, spy);
  expect(calls).toEqual(['serialize', 'deserialize']);
});
