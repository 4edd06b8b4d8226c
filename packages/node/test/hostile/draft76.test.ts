import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RawClient } from '../raw-client.ts';
import { until } from '../socket-pair.ts';
import { Target } from './target.ts';

const MIB = 1_048_576;
let target: Target;

beforeAll(async () => {
  target = await Target.start();
});
afterAll(() => target.end());

const sample: Readonly<Record<string, string>> = {
  Host: 'example.com',
  Connection: 'Upgrade',
  Upgrade: 'WebSocket',
  Origin: 'http://example.com',
  'Sec-WebSocket-Key1': '4 @1  46546xW%0l 1 5',
  'Sec-WebSocket-Key2': '12998 5 Y3 1  .P00',
};
const key3 = '^n:ds[4U';
const proof = "8jKS'y:G*Co,Wxa-";

function requestText(changes: Readonly<Record<string, string>> = {}): string {
  const lines = Object.entries({ ...sample, ...changes }).map(([name, value]) => `${name}: ${value}`);
  return ['GET /demo HTTP/1.1', ...lines, '', ''].join('\r\n');
}

async function connect(): Promise<RawClient> {
  const client = await RawClient.open(target.ports.museum);
  client.write(requestText() + key3);
  await client.until(proof);
  return client;
}

/** The server goes on: for whoever came before, and for the next one. */
async function expectUnharmed(): Promise<void> {
  await target.expectUnharmed();
  const client = await connect();
  client.write(Buffer.from('0048656c6c6fff', 'hex'));
  await client.until('\x00Hello\xff');
  client.reset();
}

describe('lengths of draft-76', () => {
  it.each([
    ['one above the limit', '80c08001'],
    ['2^53', '8090808080808080' + '00'],
    ['2^53 + 1', '8090808080808080' + '01'],
    ['2^63', `80${'81'}${'80'.repeat(8)}00`],
    ['far above all numbers', `80${'ff'.repeat(200)}7f`],
    ['zeros without end', `80${'80'.repeat(200)}`],
    ['a close that has a length', `ff${'ff'.repeat(20)}7f`],
  ])('of %s end the connection, and nothing is read for them', async (_, hex) => {
    const client = await connect();
    client.write(Buffer.from(hex, 'hex'), Buffer.from('0061ff', 'hex'));
    expect((await client.untilClosed()).endsWith(proof)).toBe(true);
    await expectUnharmed();
  });

  it('that are announced and never sent take no memory', async () => {
    const clients = await Promise.all(Array.from({ length: 100 }, connect));
    const before = await target.memory();
    // A frame of 1 MiB each, of which one byte comes.
    for (const client of clients) client.write(Buffer.from('80c08000aa', 'hex'));
    await until(() => clients.every(({ socket }) => socket.writableLength === 0));
    await expectUnharmed();
    const after = await target.memory();
    expect(after.heldBytes - before.heldBytes).toBeLessThan(4 * MIB);
    for (const client of clients) client.reset();
  });
});

describe('messages of draft-76', () => {
  it('without an end are cut off at the limit', async () => {
    const client = await connect();
    const before = await target.memory();
    client.write(Buffer.from([0]));
    const chunk = Buffer.alloc(65_536, 'a');
    for (let count = 0; count < 64 && !client.socket.closed; count++) {
      if (!client.socket.write(chunk)) {
        await Promise.race([client.closed, new Promise((resolve) => client.socket.once('drain', resolve))]);
      }
    }
    await client.closed;
    const after = await target.memory();
    expect(after.heldBytes - before.heldBytes).toBeLessThan(2 * MIB);
    await expectUnharmed();
  });

  it('in packets of one byte cost one byte each', async () => {
    const count = 20_000;
    const client = await connect();
    const before = await target.memory();
    await client.trickle(`\0${'x'.repeat(count)}`);
    await target.expectUnharmed();
    const after = await target.memory();
    expect(after.heldBytes - before.heldBytes).toBeLessThan(MIB);
    client.write(Buffer.from([0xff]));
    await client.until(`${'x'.repeat(count)}\xff`);
    client.reset();
  });

  it('cost in proportion to their number', async () => {
    const send = async (count: number) => {
      const client = await connect();
      client.write(Buffer.concat(new Array(count).fill(Buffer.from('8000', 'hex'))), Buffer.from('0061ff', 'hex'));
      await client.until('\x00a\xff');
      client.reset();
    };
    await target.expectLinear(send, 50_000);
  });

  it('whose echo nobody reads end with the connection, not with the memory', async () => {
    const client = await connect();
    client.socket.pause();
    const before = await target.memory();
    const message = Buffer.concat([Buffer.from([0]), Buffer.alloc(200_000, 'a'), Buffer.from([0xff])]);
    client.socket.setMaxListeners(0);
    for (let count = 0; count < 200 && !client.socket.closed; count++) {
      if (client.socket.write(message)) continue;
      await Promise.race([client.closed, new Promise((resolve) => client.socket.once('drain', resolve))]);
    }
    await client.closed;
    const after = await target.memory();
    expect(after.heldBytes - before.heldBytes).toBeLessThan(3 * MIB);
    await expectUnharmed();
  });
});

describe('handshakes of draft-76', () => {
  it.each([
    ['no spaces', { 'Sec-WebSocket-Key1': '1234' }],
    ['no digits', { 'Sec-WebSocket-Key1': 'a b' }],
    ['digits without end', { 'Sec-WebSocket-Key1': `${'9'.repeat(4_000)} 1` }],
    ['spaces that do not divide', { 'Sec-WebSocket-Key2': '7 1 1' }],
    ['more than 32 bits', { 'Sec-WebSocket-Key2': '99999999999 9' }],
    ['the length of a body', { 'Content-Length': '8' }],
    ['names of the prototype', { Upgrade: 'constructor' }],
  ])('with %s are answered, and their sockets ended', async (_, changes) => {
    const client = await RawClient.open(target.ports.museum);
    client.write(requestText(changes) + key3);
    expect(await client.untilClosed()).toMatch(/^HTTP\/1.1 400 /);
    await expectUnharmed();
  });

  it.each([0, 1, 7])('that are reset after %i of the eight bytes harm nobody', async (count) => {
    const client = await RawClient.open(target.ports.museum);
    await new Promise((resolve) => client.socket.write(requestText() + key3.slice(0, count), 'latin1', resolve));
    client.reset();
    await expectUnharmed();
  });
});
