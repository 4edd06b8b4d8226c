import { type ChildProcess, execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from 'vitest';

const main = fileURLToPath(new URL('../soak/main.ts', import.meta.url));
const nodeOptions = ['--expose-gc', '--conditions=@typewire/source', '--import', 'tsx'];

let child: ChildProcess | null = null;
afterEach(() => void child?.kill('SIGKILL'));

/** Runs the soak as `npm run soak` does, for a few seconds. */
function soak(...options: string[]): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve) => {
    child = execFile(process.execPath, [...nodeOptions, main, ...options], (_error, stdout, stderr) => {
      resolve({ code: child?.exitCode ?? null, output: stdout + stderr });
    });
  });
}

it('loses, repeats and reorders nothing while servers are drained and killed behind a network that breaks', async () => {
  const { code, output } = await soak('--seconds', '4', '--seed', '1', '--clients', '3', '--mean-bytes', '20000');

  expect(output).not.toContain('VIOLATION');
  expect(output).toMatch(/servers +\d+: 1 drain, 1 kill, 1 outage/);
  expect(output).toMatch(/mutations +\d{3,}: /);
  expect(output).toContain('nothing was lost, repeated or reordered');
  expect(code).toBe(0);
}, 60_000);

it('says how it is used when it is given what makes no sense', async () => {
  expect(await soak('--seconds', 'many')).toEqual({ code: 2, output: expect.stringContaining('npm run soak -- ') });
}, 60_000);
