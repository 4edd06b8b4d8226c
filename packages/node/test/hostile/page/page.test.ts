import { readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { attacks } from './attacks.ts';

const root = new URL('../../../../../', import.meta.url);
const path = new URL('docs/attacks.md', root);
const [begin, end] = ['<!-- attacks: begin -->', '<!-- attacks: end -->'] as const;

function renderTables(): string {
  const groups = attacks.map(([group, rows]) => {
    const lines = rows.map(({ attack, answer, tests }) => {
      const files = new Map<string, string[]>();
      for (const { file, test } of tests) files.set(file, [...(files.get(file) ?? []), escaped(test)]);
      const names = [...files].map(([file, titles]) => `[${shortName(file)}](../${file}): ${titles.join('; ')}`);
      return `| ${attack} | ${answer} | ${names.join('<br>')} |`;
    });
    return [`### ${group}`, '', '| attack | what happens | tests |', '|---|---|---|', ...lines].join('\n');
  });
  return groups.join('\n\n');
}

function shortName(file: string): string {
  return file.slice(file.lastIndexOf('/') + 1, -'.test.ts'.length);
}

function escaped(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('__', '\\_\\_').replaceAll('*', '\\*');
}

it('lists every attack as it is played; UPDATE_ATTACKS=1 writes the page', () => {
  const page = readFileSync(path, 'utf8');
  const [before, rest = ''] = page.split(begin);
  const [table = '', after] = rest.split(end);
  const want = renderTables();
  if (process.env['UPDATE_ATTACKS'] === '1') {
    writeFileSync(path, `${before}${begin}\n\n${want}\n\n${end}${after}`);
    return;
  }
  expect(table.trim()).toBe(want);
});

it.each(attacks.flatMap(([, rows]) => rows.map((row) => [row.attack, row] as const)))('%s', (_, { tests }) => {
  expect(tests).not.toEqual([]);
  for (const { file, test } of tests) {
    const source = readFileSync(new URL(file, root), 'utf8').replaceAll("\\'", "'");
    // The title ends where it ends here: a longer one is another test.
    expect(
      [`${test}'`, `${test}\``].some((title) => source.includes(title)),
      `${file}: ${test}`,
    ).toBe(true);
  }
});
