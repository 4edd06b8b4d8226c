import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { readSteps } from '../../walk/page.ts';

const start = new URL('../../docs/start.md', import.meta.url);
const ways = ['React', 'Vue', 'Without a framework'];

it('gives each way its own commands and files, and the shared ones to all, in the order of the page', () => {
  const told = ways.map((way) =>
    readSteps(start, ways, way).map((step) => (step.kind === 'write' ? step.path : step.command)),
  );
  const ends = ['src/App.tsx', 'src/App.vue', 'src/main.ts'];
  for (const [index, steps] of told.entries()) {
    expect(steps[0]).toMatch(/^npm create /);
    expect(steps.filter((step) => ends.includes(step))).toEqual([ends[index]]);
    const order = ['server/api.ts', 'server/main.ts', 'npx tsx watch server/main.ts', 'npm run dev', 'npm run build'];
    expect(steps.filter((step) => order.includes(step))).toEqual(order);
  }
});

it('leaves no file of the page out', () => {
  const written = ways.flatMap((way) =>
    readSteps(start, ways, way).flatMap((step) => (step.kind === 'write' ? [step.path] : [])),
  );
  const titles = [...readFileSync(start, 'utf8').matchAll(/^```.*\[([\w./-]+\.\w+)\]$/gm)].map(([, title]) => title);
  expect(titles.length).toBeGreaterThan(8);
  expect(titles.filter((title) => !written.includes(title ?? ''))).toEqual([]);
});

it('gives what a reader is shown, without what only the compiler is', () => {
  const servers = new URL('../../docs/guide/calls.md', import.meta.url);
  expect(readSteps(servers, ['any'], 'any')).toEqual([]); // blocks without titles are there to be read
  const files = readSteps(start, ways, 'React').filter((step) => step.kind === 'write');
  expect(files.some(({ text }) => text.includes('---cut---') || text.includes('^?'))).toBe(false);
});

it('refuses a way that the page does not have', () => {
  expect(() => readSteps(start, ways, 'Svelte')).toThrow('no way called Svelte');
});
