import { expect, it } from 'vitest';
import { createJsonSerializer } from '../../src/message/json-serializer.ts';
import { createSuperjsonSerializer } from '../../src/message/superjson-serializer.ts';
import { encodeValue } from '../../src/message/value.ts';
import { roundTrip } from '../support/round-trip.ts';

const serializer = createJsonSerializer();

it.each<[string, unknown]>([
  ['text', 'x'],
  ['nothing', undefined],
  ['arrays and objects', { a: [1, null, { b: true }] }],
])('carries what is plain JSON: %s', (_name, value) => {
  expect(roundTrip(value, serializer)).toEqual(value);
});

it('leaves members out that are undefined, as JSON does', () => {
  expect(roundTrip({ page: undefined, size: 3 }, serializer)).toStrictEqual({ size: 3 });
});

it.each<[string, unknown, string]>([
  ['a Date', { user: { born: new Date(0) } }, 'input.user.born is an instance of Date'],
  ['a Map', [new Map()], 'input[0] is an instance of Map'],
  ['bytes', { a: new Uint8Array(1) }, 'input.a is an instance of Uint8Array'],
  ['a BigInt', { id: 1n }, 'input.id is bigint'],
  ['NaN', [0, Number.NaN], 'input[1] is NaN'],
  ['minus zero', [-0], 'input[0] is -0'],
  ['a function', { run: () => 1 }, 'input.run is function'],
  ['undefined in an array', [undefined], 'input[0] is undefined'],
  // biome-ignore lint/suspicious/noSparseArray: what the test is about
  ['a hole in an array', [1, , 2], 'input[1] is undefined'],
  ['a forbidden key', { a: JSON.parse('{"__proto__":1}') }, 'input.a has the key "__proto__"'],
])('refuses %s, and says where', (_name, value, text) => {
  expect(() => encodeValue(serializer, value, 'input')).toThrow(
    expect.objectContaining({ code: 'UNSERIALIZABLE', message: expect.stringContaining(text) }),
  );
});

it('refuses what contains itself', () => {
  const circular: Record<string, unknown> = {};
  circular['self'] = circular;

  expect(() => encodeValue(serializer, circular, 'input')).toThrow('64 levels');
});

it('takes no metadata from a peer', () => {
  for (const value of [new Date(0), Uint8Array.of(1)]) {
    expect(() => roundTrip(value, createSuperjsonSerializer(), serializer)).toThrow(
      expect.objectContaining({ name: 'ProtocolError', code: 'MALFORMED' }),
    );
  }
});
