import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { outsideAddress, root, site } from '../.vitepress/repository.ts';
import { sections } from '../.vitepress/sidebar.ts';

/** Every page of the site that is written by hand, as a path from its folder. */
function pagesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory())
      return ['node_modules', '.vitepress', 'reference'].includes(entry.name) ? [] : pagesIn(path);
    return entry.name.endsWith('.md') && entry.name !== 'README.md' ? [relative(site, path)] : [];
  });
}

const pages = pagesIn(site);
const listed = sections.flatMap((section) => section.pages.map(([, path]) => `${path}.md`));

it('lists every page in the sidebar, once', () => {
  expect(pages.filter((page) => page !== 'index.md' && !listed.includes(page))).toEqual([]);
  expect(listed).toEqual([...new Set(listed)]);
});

describe.each(pages.filter((page) => !['protocol.md', 'simulation.md'].includes(page)))('%s', (page) => {
  it('has all its TypeScript checked by the compiler', () => {
    const unchecked = [...readFileSync(join(site, page), 'utf8').matchAll(/^```(?:tsx?|vue)(?!.*\btwoslash\b).*$/gm)];
    expect(unchecked.map(([fence]) => fence)).toEqual([]);
  });
});

it('shows every example with its command, its source and, where it has a page, a picture of it', () => {
  const page = readFileSync(join(site, 'examples.md'), 'utf8');
  const examples = readdirSync(join(root, 'examples'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  for (const { name } of examples) {
    expect(page).toContain(`npm start --workspace examples/${name}\n`.replace('quick-start\n', 'quick-start '));
    expect(page).toContain(`](../examples/${name})`);
    const hasPage = existsSync(join(root, 'examples', name, 'index.html'));
    expect(existsSync(join(site, 'images', `${name}.png`)) && page.includes(`](images/${name}.png)`)).toBe(hasPage);
  }
});

it('sends links that leave the site to the sources', () => {
  const page = join(site, 'how-it-works/frames.md');
  expect(outsideAddress('../../packages/frame/README.md#frameerror', page)).toBe(
    'https://github.com/typewire/typewire/blob/main/packages/frame/README.md#frameerror',
  );
  expect(outsideAddress('../../packages/frame', page)).toBe(
    'https://github.com/typewire/typewire/tree/main/packages/frame',
  );
  expect(outsideAddress('../protocol.md#positions', page)).toBeNull();
  expect(outsideAddress('#here', page)).toBeNull();
  expect(outsideAddress('https://example.com/', page)).toBeNull();
  expect(relative(root, site)).toBe('docs');
});
