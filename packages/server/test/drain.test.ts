import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from 'vitest';
import { RawSocket } from './raw-socket.ts';

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

async function serveInChild(): Promise<{ child: ChildProcess; port: number }> {
  const file = fileURLToPath(new URL('drain.child.ts', import.meta.url));
  const child = spawn(process.execPath, ['--conditions=@typewire/source', '--import', 'tsx', file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, port: Number(line.toString()) };
}

it.each([
  ['that has said hello', true],
  ['that has not', false],
])(
  'a process ends by itself at SIGTERM, though it has a client %s, and that never answers',
  async (_, greets) => {
    const { child, port } = await serveInChild();
    const client = new RawSocket(port);
    expect(await client.upgrade('/wire')).toBe(101);
    if (greets) {
      client.send(0x81, '[1,1,{"control":true}]');
      await client.until((bytes) => bytes.includes('heartbeatIntervalMs'));
    }
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    // 1012: come back, later.
    expect(await client.closeCode()).toBe(1012);
    expect(await ended).toEqual([0, null]);
  },
  30_000,
);
