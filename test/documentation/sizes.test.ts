import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

/** Where a size of the client stands, and the ratchet that the build is measured against. */
const figures = [
  {
    page: 'docs/compare.md',
    figure: /`@typewire\/client\/json` \| ([\d.]+)/,
    ratchet: 'client, plain JSON: the first download',
  },
  {
    page: 'docs/compare.md',
    figure: /`@typewire\/client`, with superjson \| ([\d.]+)/,
    ratchet: 'client with superjson: the first download',
  },
  {
    page: 'packages/client/README.md',
    figure: /([\d.]+) kB of `@typewire\/client\/json`/,
    ratchet: 'client, plain JSON: the first download',
  },
  {
    page: 'packages/client/README.md',
    figure: /([\d.]+) kB of `@typewire\/client`/,
    ratchet: 'client with superjson: the first download',
  },
] as const;

it.each(figures)('names the size of today in $page: $ratchet', ({ page, figure, ratchet }) => {
  const configured = readFileSync('.size-limit.mjs', 'utf8')
    .split('name: ')
    .find((part) => part.startsWith(`'${ratchet}'`));
  const limit = Number(/limit: '([\d.]+) kB'/.exec(configured ?? '')?.[1]);
  const named = Number(figure.exec(readFileSync(page, 'utf8'))?.[1]);
  // A ratchet leaves a little room; a figure that it has left behind is one of yesterday.
  expect(named).toBeGreaterThan(limit - 0.5);
  expect(named).toBeLessThanOrEqual(limit);
});
