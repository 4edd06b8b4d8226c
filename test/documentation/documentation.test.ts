import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { expand } from './paths.ts';
import { checkPages } from './snippets.ts';

const pages = ['*.md', 'docs/*.md', 'docs/*/*.md', 'packages/*/README.md', 'examples/*/README.md', 'bench/README.md']
  .flatMap(expand)
  .filter((page) => !page.startsWith('docs/reference/')); // generated

it('finds the pages', () => {
  expect(pages).toContain('README.md');
  expect(pages.length).toBeGreaterThan(8);
});

describe.each(pages)('%s', (page) => {
  const text = readFileSync(page, 'utf8');

  it('links to files that exist', () => {
    const links = [...text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)].map((match) => match[1] ?? '');
    expect(links.filter((link) => !existsSync(join(dirname(page), link)))).toEqual([]);
  });
});

it('has code that compiles on every page', () => {
  expect(Object.fromEntries(checkPages(pages))).toEqual({});
}, 120_000);

it.each(['CONTRIBUTING.md', 'SECURITY.md'])('names only paths that exist: %s', (page) => {
  const named = [...readFileSync(page, 'utf8').matchAll(/`((?:packages|docs|bench|examples)[\w./*-]*)`/g)].map(
    (match) => match[1] ?? '',
  );
  expect(named.length).toBeGreaterThan(0);
  expect(named.filter((path) => expand(path).length === 0)).toEqual([]);
});

it.each([...readFileSync('CONTRIBUTING.md', 'utf8').matchAll(/npm run ([\w:-]+)/g)].map((match) => match[1] ?? ''))(
  'names a script that exists in CONTRIBUTING: %s',
  (script) => {
    expect(JSON.parse(readFileSync('package.json', 'utf8')).scripts).toHaveProperty(script);
  },
);
