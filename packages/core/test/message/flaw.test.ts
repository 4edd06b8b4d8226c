import fc from 'fast-check';
import { expect, it } from 'vitest';
import { flawOf } from '../../src/message/flaw.ts';

/** The depth of parsed JSON, the slow and obvious way. */
function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

const flawIn = (text: string, levels: number) => flawOf(JSON.parse(text), levels);

it.each(['1', '"text"', 'null', '[]', '{}', '[1,"[[[["]', '{"[[[[":1}', '[[],{},[]]'])('finds none in %s', (text) => {
  expect(flawIn(text, 2)).toBeNull();
});

it.each(['[[[]]]', '[[],[],[[1,[]]]]', '{"a":{"b":{}}}', '[{"a":[]}]'])('finds %s too deep for two levels', (text) => {
  expect(flawIn(text, 2)).toBe('too deep');
});

it('does not count what stands side by side', () => {
  expect(
    flawOf(
      Array.from({ length: 1_000 }, () => ({})),
      2,
    ),
  ).toBeNull();
});

it.each(['{"__proto__":1}', '{"constructor":{}}', '[[{"prototype":null}]]', '{"\\u005f_proto__":1}'])(
  'finds the key in %s',
  (text) => {
    expect(flawIn(text, 9)).toBe('forbidden key');
  },
);

it('takes the same words as values', () => {
  expect(flawIn('["__proto__",{"a":"constructor"}]', 9)).toBeNull();
});

it('looks no deeper than it may, however deep it goes', () => {
  expect(flawIn('['.repeat(1_000_000) + ']'.repeat(1_000_000), 64)).toBe('too deep');
});

it('agrees with the depth of any JSON', () => {
  const json = fc.json({ maxDepth: 8 });
  fc.assert(
    fc.property(json, fc.integer({ min: 0, max: 10 }), (text, levels) => {
      const value: unknown = JSON.parse(text);
      expect(flawOf(value, levels) === 'too deep').toBe(depthOf(value) > levels);
    }),
    { seed: 1, numRuns: 500 },
  );
});
