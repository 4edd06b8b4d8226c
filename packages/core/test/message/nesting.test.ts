import fc from 'fast-check';
import { expect, it } from 'vitest';
import { checkNesting, isNestedWithin } from '../../src/message/nesting.ts';

/** The depth of parsed JSON, the slow and obvious way. */
function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

const opening = '[{'.repeat(10);

it.each([
  ['brackets in a string', `"${opening}"`],
  ['brackets in a key', `{"${opening}":1}`],
  ['brackets behind an escaped quote', `"\\"${opening}"`],
  ['brackets behind an escaped backslash and a quote', `"\\\\\\"${opening}"`],
  ['brackets in a string that is not closed', `"${opening}`],
  ['a string that ends in a backslash', `"${opening}\\`],
])('counts no %s', (_name, text) => {
  expect(isNestedWithin(text, 2)).toBe(true);
});

it.each([
  ['after a string that ends in an escaped backslash', `["\\\\",${opening}`],
  ['after an empty string', `["",${opening}`],
  ['of both kinds', '[{"a":[{}]}]'],
  ['that were closed in between', '[[],[],[[[]]]]'],
])('counts brackets %s', (_name, text) => {
  expect(isNestedWithin(text, 2)).toBe(false);
});

it('does not count brackets that stand side by side', () => {
  expect(isNestedWithin(`[${Array(1_000).fill('{}').join(',')}]`, 2)).toBe(true);
});

it('gives up at the first bracket too many', () => {
  expect(isNestedWithin('['.repeat(5_000_000), 64)).toBe(false);
});

it('refuses a long message that nests too deep before anything is parsed', () => {
  const malformed = expect.objectContaining({ name: 'ProtocolError', code: 'MALFORMED' });
  expect(() => checkNesting('['.repeat(5_000_000))).toThrow(malformed);
  expect(() => checkNesting(`[[16,1,"echo",0,${'['.repeat(64)}"${'x'.repeat(70_000)}"`)).not.toThrow();
});

it('leaves a short message to be looked at when it is parsed', () => {
  expect(() => checkNesting('['.repeat(60_000))).not.toThrow();
});

it('agrees with the parsed value on any JSON', () => {
  const json = fc.json({ maxDepth: 8 });
  fc.assert(
    fc.property(json, fc.integer({ min: 0, max: 10 }), (text, max) => {
      expect(isNestedWithin(text, max)).toBe(depthOf(JSON.parse(text)) <= max);
    }),
    { seed: 1, numRuns: 500 },
  );
});
