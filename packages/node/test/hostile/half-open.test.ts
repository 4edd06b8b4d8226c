import { execSync } from 'node:child_process';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RawClient, upgradeText } from '../raw-client.ts';
import { Target } from './target.ts';

const HALF_OPEN = 2_000;
/** What else a process has open: its own files, the other clients of this test, what the test runner needs. */
const OTHER_FILES = 200;

let target: Target;

beforeAll(async () => {
  target = await Target.start();
});
afterAll(() => target.end());

/** Each end of a connection is a file of its process. */
function demandFiles(count: number): void {
  const limit = execSync('ulimit -n', { encoding: 'utf8' }).trim();
  if (limit === 'unlimited' || Number(limit) >= count) return;
  throw new Error(
    `This test opens ${count} files in each of two processes, and ${limit} are allowed: ulimit -n ${count}`,
  );
}

describe('half-open handshakes', () => {
  it(`${HALF_OPEN} at a time do not keep a fair client out, and cost little`, async () => {
    demandFiles(HALF_OPEN + OTHER_FILES);
    const before = await target.memory();
    const waiting = await Promise.all(Array.from({ length: HALF_OPEN }, () => RawClient.open(target.ports.strict)));
    for (const client of waiting) client.write('GET / HT');
    const client = await target.connect();
    client.reset();
    await target.expectUnharmed();
    const after = await target.memory();
    expect((after.bufferBytes - before.bufferBytes) / waiting.length).toBeLessThan(1_024);
    expect((after.heldBytes - before.heldBytes) / waiting.length).toBeLessThan(16_384);
    for (const one of waiting) one.reset();
    await target.expectUnharmed();
  });

  // Elsewhere a machine has only one address of its own.
  it.runIf(process.platform === 'linux')('of one address take its own places and no others', async () => {
    const { usual } = target.ports;
    const waiting = await Promise.all(Array.from({ length: 32 }, () => RawClient.open(usual)));
    // Each is answered or refused in the order in which they came.
    const refused = await RawClient.open(usual);
    expect(await refused.untilClosed()).toMatch(/^HTTP\/1.1 503 /);
    expect(await statusFrom('127.0.0.2', usual)).toBe(101);
    for (const one of waiting) one.reset();
    await target.expectUnharmed();
  });

  it.each([
    ['that say nothing', ''],
    ['that stop in the head', 'GET / HTTP/1.1\r\nHost: a'],
  ])('%s are ended when their time is over', async (_, text) => {
    const client = await RawClient.open(target.ports.hurried);
    if (text !== '') client.write(text);
    expect(await client.untilClosed()).toMatch(/^HTTP\/1.1 408 /);
    await target.expectUnharmed();
  });

  it('that go on byte by byte have no more time than others', async () => {
    const client = await RawClient.open(target.ports.hurried);
    client.write('GET / HTTP/1.1\r\nX: ');
    // Far fewer bytes than a head may have.
    for (let count = 0; count < 4_000 && !client.socket.readableEnded && !client.socket.closed; count++) {
      client.write('y');
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await client.untilClosed()).toMatch(/^HTTP\/1.1 408 /);
    await target.expectUnharmed();
  });

  it.each([
    ['before a byte', ''],
    ['in the head', 'GET / HTTP/1.1\r\nHost: a'],
    ['right behind the request', upgradeText()],
    ['in the first frame', `${upgradeText()}\x81`],
  ])('that are reset %s harm nobody', async (_, text) => {
    for (const port of [target.ports.strict, target.ports.http, target.ports.undecided, target.ports.museum]) {
      for (let count = 0; count < 10; count++) {
        const client = await RawClient.open(port);
        if (text !== '') await new Promise((resolve) => client.socket.write(text, 'latin1', resolve));
        client.reset();
      }
    }
    await target.expectUnharmed();
  });
});

/** The status that a peer with another address of this machine is answered with. */
async function statusFrom(localAddress: string, port: number): Promise<number> {
  const socket = connect({ host: '127.0.0.1', port, localAddress });
  socket.write(upgradeText({ Host: `127.0.0.1:${port}` }));
  const [answer] = await new Promise<[Buffer]>((resolve, reject) => {
    socket.once('data', (chunk) => resolve([chunk])).once('error', reject);
  });
  socket.destroy();
  return Number(answer.toString('latin1').slice(9, 12));
}
