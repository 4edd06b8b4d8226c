import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from 'vitest';

const folder = fileURLToPath(new URL('..', import.meta.url));
const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** Runs a file of the example as a user does, and gives its lines one by one. */
function run(file: string, env: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, ['--conditions=@typewire/source', '--import', 'tsx', file], {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    child,
    async line(): Promise<string> {
      const next = await lines.next();
      if (next.done) throw new Error(`${file} ended`);
      return next.value;
    },
  };
}

it('runs as it stands: a client says hello and hears it, and the next one finds it in the history', async () => {
  const server = run('server.ts', { PORT: '0' });
  const url = await server.line();
  const first = run('client.ts', { URL: url });
  expect(await first.line()).toMatch(/^\d{4}-\d\d-\d\dT.*Z Hello$/);
  const second = run('client.ts', { URL: url });
  expect(await second.line()).toContain('Hello');
  expect(await second.line()).toContain('Hello');
  server.child.kill('SIGKILL');
  expect(await second.line()).toBe('reconnecting');
}, 30_000);

it.each(['api.ts', 'server.ts', 'client.ts'])('stands in the README word for word: %s', (file) => {
  const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8');
  expect(readme).toContain(
    `\`\`\`ts\n// ${file}\n${readFileSync(new URL(`../${file}`, import.meta.url), 'utf8')}\`\`\``,
  );
});
