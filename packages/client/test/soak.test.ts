import { afterEach, expect, it } from 'vitest';
import { endSoakPrograms, runSoakProgram } from './soak-program.ts';

afterEach(endSoakPrograms);

it('loses, repeats and reorders nothing while servers are drained and killed behind a network that breaks', async () => {
  const options = ['--seconds', '4', '--seed', '1', '--clients', '3', '--mean-bytes', '20000'];
  const { code, output } = await runSoakProgram('main.ts', options);

  expect(output).not.toContain('VIOLATION');
  expect(output).toMatch(/servers +\d+: 1 drain, 1 kill, 1 outage/);
  expect(output).toMatch(/mutations +\d{3,}: /);
  expect(output).toContain('nothing was lost, repeated or reordered');
  expect(code).toBe(0);
}, 60_000);

it('says how it is used when it is given what makes no sense', async () => {
  const { code, output } = await runSoakProgram('main.ts', ['--seconds', 'many']);
  expect(output).toContain('npm run soak -- ');
  expect(code).toBe(2);
}, 60_000);
