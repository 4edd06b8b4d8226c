import { afterEach, describe, expect, it } from 'vitest';
import { isSafeMetadata } from '../../src/message/metadata.ts';
import type { Serializer } from '../../src/message/serializer.ts';
import { createSuperjsonSerializer } from '../../src/message/superjson-serializer.ts';
import { decodeValue } from '../../src/message/value.ts';
import { expectNoPollution } from '../support/pollution.ts';

const values = (tree: unknown): unknown => ({ values: tree, v: 1 });

afterEach(expectNoPollution);

describe('metadata of the wrong shape is refused', () => {
  it.each<[string, unknown]>([
    ['null', null],
    ['a list', [['Date']]],
    ['text', 'Date'],
    ['nothing in it', {}],
    ['no version', { values: ['Date'] }],
    ['the version of old', { values: ['Date'], v: 0 }],
    ['a version of text', { values: ['Date'], v: '1' }],
    ['a field of its own', { values: ['Date'], v: 1, extra: 1 }],
    ['values of null', values(null)],
    ['values of text', values('Date')],
    ['no type in a node', values([])],
    ['a third field in a node', values(['Date', {}, {}])],
    ['children of text', values(['set', 'Date'])],
    ['children in a list', values(['set', [['Date']]])],
  ])('%s', (_name, meta) => {
    expect(isSafeMetadata('2026-01-01', meta)).toBe(false);
  });

  it.each<[string, unknown]>([
    ['in a list', [['a', 'b']]],
    ['by path', { a: ['b'] }],
    ['through a prototype', { a: ['__proto__.polluted', 'constructor.prototype.polluted'] }],
    ['as null', null],
  ])('referential equalities %s', (_name, referentialEqualities) => {
    const json = { a: { polluted: true }, b: null };

    expect(isSafeMetadata(json, { values: {}, referentialEqualities, v: 1 })).toBe(false);
  });
});

describe('a path is refused', () => {
  const json = { a: ['2026-01-01', null], 'b.c': null, own: { '': null } };
  it.each([
    'missing',
    'a.2',
    'a.-1',
    'a.-0',
    'a.0.0',
    'a.00',
    'a.1e0',
    'a.0x1',
    'a. 1',
    'a.',
    'a.length',
    'a.99999999999',
    'a.0\\.5',
    'a.at',
    'a.constructor',
    'b.c',
    'b\\c',
    'a\\',
    '__proto__',
    'constructor',
    'constructor.prototype',
    'own.__proto__',
    'own.toString',
    'toString',
  ])('that leads nowhere of its own: %s', (path) => {
    expect(isSafeMetadata(json, values({ [path]: ['undefined'] }))).toBe(false);
    expect(isSafeMetadata(json, values({ [path]: ['set', {}] }))).toBe(false);
    expect(isSafeMetadata(json, values({ [path]: [['typed-array', 'Uint8Array']] }))).toBe(false);
  });

  it.each(['a.1', 'b\\.c', 'own.'])('not when it does lead somewhere: %s', (path) => {
    expect(isSafeMetadata(json, values({ [path]: ['undefined'] }))).toBe(true);
  });

  it('that is longer than a value is deep', () => {
    expect(isSafeMetadata({ a: null }, values({ [`a${'.a'.repeat(64)}`]: ['undefined'] }))).toBe(false);
  });

  it('that goes through something revived elsewhere, where it would lead to another value', () => {
    const entry = { list: [[3_000_000_000, 1]] };
    const tree = { list: ['map'], 'list.0': [['typed-array', 'Uint32Array']] };

    expect(isSafeMetadata(entry, values(tree))).toBe(false);
  });

  it('that goes through something revived later', () => {
    expect(isSafeMetadata({ a: [[1, 2]] }, values({ 'a.0': ['set'], a: ['map'] }))).toBe(false);
  });

  it('that counts in a Set which has dropped duplicates', () => {
    const json = { a: [7, 7, [1], 3_000_000_000] };

    expect(isSafeMetadata(json, values({ a: ['set'], 'a.2': [['typed-array', 'Uint8Array']] }))).toBe(false);
  });

  it('that has a level without a type in the middle', () => {
    expect(isSafeMetadata({ a: { b: '1' } }, values({ a: { b: ['bigint'] } }))).toBe(false);
  });
});

describe('a type that is not on the list is refused', () => {
  it.each<[string, unknown, unknown]>([
    ['regexp', '/(a+)+$/', 'regexp'],
    ['symbol', 's', ['symbol', 's']],
    ['class', { a: 1 }, ['class', 'User']],
    ['class of a prototype', { a: 1 }, ['class', '__proto__']],
    ['custom', { a: 1 }, ['custom', 'Decimal']],
    ['typed array of BigInts', [1], ['typed-array', 'BigInt64Array']],
    ['typed array of a prototype', [1], ['typed-array', '__proto__']],
    ['typed array of a constructor', [1], ['typed-array', 'constructor']],
    ['typed array with a field too many', [1], ['typed-array', 'Uint8Array', 1]],
    ['typed array without a name', [1], ['typed-array']],
    ['null', null, null],
    ['number 1', 1, 1],
    ['object', null, {}],
    ['constructor', null, 'constructor'],
    ['__proto__', null, '__proto__'],
    ['date in lower case', '2026-01-01', 'date'],
  ])('%s', (_name, json, type) => {
    expect(isSafeMetadata(json, values([type]))).toBe(false);
  });
});

describe('a type that does not fit its JSON is refused', () => {
  it.each<[string, unknown, unknown]>([
    ['undefined on false', false, 'undefined'],
    ['undefined on text', 'x', 'undefined'],
    ['number on a number', 1, 'number'],
    ['number on a numeral', '1', 'number'],
    ['number on an object', { valueOf: 1 }, 'number'],
    ['bigint on a number', 1, 'bigint'],
    ['bigint on a float', '1.5', 'bigint'],
    ['bigint on hexadecimal', '0x10', 'bigint'],
    ['bigint on nothing', '', 'bigint'],
    ['bigint on a sign', '-', 'bigint'],
    ['bigint on spaces', ' 1', 'bigint'],
    ['bigint on a line', '1\n', 'bigint'],
    ['bigint of 1,025 digits', '9'.repeat(1_025), 'bigint'],
    ['bigint of a million digits', '9'.repeat(1_000_000), 'bigint'],
    ['Date on a number', 0, 'Date'],
    ['Date on words', 'yesterday', 'Date'],
    ['Date on null', null, 'Date'],
    ['Date on an object', {}, 'Date'],
    ['Date far too long', `2026-01-01T00:00:00.${'0'.repeat(1_000)}Z`, 'Date'],
    ['URL on an object', { href: 'https://example.com' }, 'URL'],
    ['URL on null', null, 'URL'],
    ['set on an object', { length: 1e9 }, 'set'],
    ['set on text', 'abc', 'set'],
    ['map on an object', {}, 'map'],
    ['map on a flat list', [1, 2], 'map'],
    ['map on entries of three', [[1, 2, 3]], 'map'],
    ['map on entries of text', ['ab'], 'map'],
    ['Error on text', 'x', 'Error'],
    ['Error without a name', { message: 'x' }, 'Error'],
    ['Error with a message of 1', { name: 'Error', message: 1 }, 'Error'],
    ['Error with a stack', { name: 'Error', message: 'x', stack: 'at secret' }, 'Error'],
    ['Error with properties', { name: 'Error', message: 'x', toString: 'x' }, 'Error'],
    ['Error in a list', ['Error', 'x'], 'Error'],
    ['typed array on a length', 1e9, ['typed-array', 'Uint8Array']],
    ['typed array on text', 'abc', ['typed-array', 'Uint8Array']],
    ['typed array on an object', { length: 1e9 }, ['typed-array', 'Uint8Array']],
    ['typed array with a number too big', [0, 256], ['typed-array', 'Uint8Array']],
    ['typed array with a negative number', [-1], ['typed-array', 'Uint8ClampedArray']],
    ['typed array with a fraction', [0.5], ['typed-array', 'Int32Array']],
    ['typed array with null', [null], ['typed-array', 'Float64Array']],
    ['typed array with text', ['1'], ['typed-array', 'Float64Array']],
    ['typed array of integers with NaN', ['NaN'], ['typed-array', 'Int8Array']],
    ['typed array with lists', [[1]], ['typed-array', 'Uint8Array']],
  ])('%s', (_name, json, type) => {
    expect(isSafeMetadata(json, values([type]))).toBe(false);
    expect(isSafeMetadata({ a: json }, values({ a: [type] }))).toBe(false);
  });

  it('a Map whose entry is revived to something else', () => {
    expect(isSafeMetadata([[1, 2]], values(['map', { '0': ['set'] }]))).toBe(false);
  });

  it.each(['name', 'message'])('an Error whose %s is revived to something else', (field) => {
    const json = { name: '1', message: '1' };

    expect(isSafeMetadata(json, values(['Error', { [field]: ['bigint'] }]))).toBe(false);
  });

  it('a typed array whose items are revived themselves', () => {
    const json = ['NaN'];

    expect(isSafeMetadata(json, values([['typed-array', 'Float64Array'], { '0': ['number'] }]))).toBe(false);
  });
});

it('allows a BigInt of 1,024 digits with its sign', () => {
  expect(isSafeMetadata(`-${'9'.repeat(1_024)}`, values(['bigint']))).toBe(true);
});

it('turns what cannot be revived all the same into a ProtocolError', () => {
  const message = [17, 1, 'not a URL', values(['URL'])];

  expect(() => decodeValue(createSuperjsonSerializer(), message, 2)).toThrow(
    expect.objectContaining({ name: 'ProtocolError', code: 'MALFORMED' }),
  );
});

it('turns metadata that does not fit into a ProtocolError', () => {
  expect(() => decodeValue(createSuperjsonSerializer(), [17, 1, {}, values({ a: ['Date'] })], 2)).toThrow(
    expect.objectContaining({ code: 'MALFORMED', message: expect.stringContaining('metadata does not fit its value') }),
  );
});

it('belongs to its serializer: another has metadata of its own, and may refuse what it gets', () => {
  const own: Serializer = {
    serialize: (value) => ({ json: String(value), meta: 'n' }),
    deserialize: ({ json, meta }) => {
      if (meta !== 'n') throw Object.create(null);
      return BigInt(json as string);
    },
  };

  expect(decodeValue(own, [17, 1, '7', 'n'], 2)).toBe(7n);
  for (const meta of ['x', values(['bigint']), null]) {
    expect(() => decodeValue(own, [17, 1, '7', meta], 2)).toThrow(expect.objectContaining({ code: 'MALFORMED' }));
  }
});
