import fc from 'fast-check';
import { afterEach, it } from 'vitest';
import { ProtocolError } from '../../src/errors.ts';
import { decodeMessages, isBatch } from '../../src/message/decode.ts';
import { serverShapes } from '../../src/message/server-shapes.ts';
import { createSuperjsonSerializer } from '../../src/message/superjson-serializer.ts';
import { decodeValue } from '../../src/message/value.ts';
import { valueField } from '../support/encode-message.ts';
import { expectNoPollution } from '../support/pollution.ts';
import { batchVectors, messageVectors } from '../support/vectors.ts';

const serializer = createSuperjsonSerializer();
const options = { seed: 20_260_101, numRuns: 2_000 };

/** Reads a message as a session would, values included. Anything thrown but a `ProtocolError` passes through. */
function read(text: string): void {
  try {
    const decoded = decodeMessages(text, serverShapes);
    for (const message of isBatch(decoded) ? decoded : [decoded]) {
      const field = valueField(message);
      if (field !== undefined) decodeValue(serializer, message, field);
    }
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
  }
  expectNoPollution();
}

afterEach(expectNoPollution);

const texts = [...messageVectors, ...batchVectors].flatMap(({ text = [] }) => text);
const oddities = fc.constantFrom<unknown>(
  null,
  true,
  -1,
  0.5,
  -0,
  2 ** 53,
  1e300,
  '',
  '__proto__',
  'NaN',
  'a\\',
  [],
  [[]],
  {},
  { toString: 1, valueOf: 1 },
  { length: 1e9 },
  ['typed-array', 'Uint8Array'],
  ['map', { '0.0': ['set'] }],
  { values: ['Date'], v: 1 },
  { values: { '': ['undefined'] }, v: 1 },
  { referentialEqualities: { a: ['b'] }, v: 1 },
);

/** Puts `odd` in the place of the n-th value inside `target`, counted depth first. */
function replaceNth(target: unknown, counter: { left: number }, odd: unknown): unknown {
  if (counter.left-- === 0) return odd;
  if (Array.isArray(target)) return target.map((item) => replaceNth(item, counter, odd));
  if (typeof target !== 'object' || target === null) return target;
  return Object.fromEntries(Object.entries(target).map(([key, item]) => [key, replaceNth(item, counter, odd)]));
}

it('throws nothing but a ProtocolError for any text', () => {
  const units = fc.array(fc.oneof(fc.nat({ max: 127 }), fc.nat({ max: 0xffff })), { maxLength: 100 });
  fc.assert(
    fc.property(units, (codes) => read(String.fromCharCode(...codes))),
    options,
  );
});

it('throws nothing but a ProtocolError for any JSON', () => {
  fc.assert(fc.property(fc.json({ maxDepth: 6 }), read), options);
});

it('throws nothing but a ProtocolError for any fields behind a known type', () => {
  const types = fc.constantFrom(...messageVectors.map(({ message }) => message[0]));
  const field = fc.oneof(oddities, fc.nat(), fc.string(), fc.jsonValue({ maxDepth: 3 }));
  const fields = fc.tuple(types, fc.array(field, { maxLength: 6 }));
  fc.assert(
    fc.property(fields, ([type, rest]) => read(JSON.stringify([type, ...rest]))),
    options,
  );
});

it('throws nothing but a ProtocolError for a valid message with one thing in it replaced', () => {
  fc.assert(
    fc.property(fc.constantFrom(...texts), fc.nat({ max: 20 }), oddities, (text, left, odd) =>
      read(JSON.stringify(replaceNth(JSON.parse(text), { left }, odd))),
    ),
    options,
  );
});

it('throws nothing but a ProtocolError for a valid message with characters cut out and put in', () => {
  const inserted = fc.oneof(fc.constantFrom('[', ']', '{', '}', '"', '\\', ',', ':', '\\u005f'), fc.string());
  fc.assert(
    fc.property(fc.constantFrom(...texts), fc.nat(), fc.nat({ max: 5 }), inserted, (text, at, cut, put) => {
      const start = at % text.length;
      read(text.slice(0, start) + put + text.slice(start + cut));
    }),
    options,
  );
});

it('throws nothing but a ProtocolError for any metadata upon any value', () => {
  const type = fc.oneof(
    fc.constantFrom('undefined', 'number', 'bigint', 'Date', 'URL', 'set', 'map', 'Error', 'regexp'),
    fc.tuple(fc.constant('typed-array'), fc.constantFrom('Uint8Array', 'Float64Array', 'BigInt64Array')),
  );
  const path = fc.constantFrom('', '0', '1', '0.0', '0.1', '1.0', 'a', 'a.0', 'a.0.1', 'cause', 'name', 'a\\.b', '-1');
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { depthSize: 'small' },
      fc.tuple(type),
      fc.tuple(type, fc.dictionary(path, tie('tree'), { maxKeys: 3 })),
      fc.dictionary(path, tie('tree'), { maxKeys: 3 }),
    ),
  }));
  const leaf = fc.constantFrom<unknown>(null, 1e9, 3, '7', 'NaN', '2026-01-01', 'https://example.com', 'x');
  const list = fc.array(fc.oneof(leaf, fc.array(leaf, { maxLength: 3 })), { maxLength: 3 });
  const value = fc.oneof(leaf, list, fc.dictionary(fc.constantFrom('a', 'a.b', 'name', 'message', 'cause'), list));
  fc.assert(
    fc.property(value, tree, (json, values) => read(JSON.stringify([17, 1, json, { values, v: 1 }]))),
    options,
  );
});
