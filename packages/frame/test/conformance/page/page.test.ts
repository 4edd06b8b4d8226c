import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { otherTests } from './other-tests.ts';
import { renderTables, tableMarks } from './table.ts';

const path = new URL('../../../../../docs/conformance.md', import.meta.url);
const [begin, end] = tableMarks;

it('lists every rule as it is played; UPDATE_CONFORMANCE=1 writes the page', () => {
  const page = readFileSync(path, 'utf8');
  const [before, rest = ''] = page.split(begin);
  const [table = '', after] = rest.split(end);
  const want = renderTables();
  if (process.env['UPDATE_CONFORMANCE'] === '1') {
    writeFileSync(path, `${before}${begin}\n\n${want}\n\n${end}${after}`);
    return;
  }
  expect(table.trim()).toBe(want);
});

describe('a rule with a test of its own', () => {
  it.each(otherTests.map((other) => [other.title, other] as const))('%s', (_, { file, test }) => {
    const source = readFileSync(new URL(`../../../../../${file}`, import.meta.url), 'utf8');
    expect(source).toContain(`'${test.replaceAll("'", "\\'")}'`);
  });
});
