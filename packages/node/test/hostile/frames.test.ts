import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serverText } from '../raw-client.ts';
import { until } from '../socket-pair.ts';
import { closeCodeOf, maskedFrame, Target } from './target.ts';

const MIB = 1_048_576;
let target: Target;

beforeAll(async () => {
  target = await Target.start();
});
afterAll(() => target.end());

describe('lengths', () => {
  it.each([
    ['1 MiB + 1', '0000000000100001', 1009],
    ['2^31 - 1', '000000007fffffff', 1009],
    ['2^31', '0000000080000000', 1009],
    ['2^32 - 1', '00000000ffffffff', 1009],
    ['2^32 + 1', '0000000100000001', 1009],
    ['2^53 - 1', '001fffffffffffff', 1009],
    ['2^53', '0020000000000000', 1009],
    ['2^63', '8000000000000000', 1009],
    ['2^64 - 1', 'ffffffffffffffff', 1009],
    ['125 in eight bytes', '000000000000007d', 1002],
    ['65,535 in eight bytes', '000000000000ffff', 1002],
  ])('of %s is answered on its header', async (_, length, code) => {
    const client = await target.connect();
    client.write(Buffer.from(`82ff${length}00000000`, 'hex'));
    await client.until('\x88');
    expect(closeCodeOf(client.received)).toBe(code);
    client.reset();
    await target.expectUnharmed();
  });

  it('that are announced and never sent take no memory', async () => {
    const before = await target.usage();
    const clients = await Promise.all(Array.from({ length: 100 }, () => target.connect()));
    // A message of 1 MiB each, of which one byte comes.
    for (const client of clients) client.write(Buffer.from('82ff000000000010000000000000aa', 'hex'));
    await target.expectUnharmed();
    const after = await target.usage();
    expect(after.bufferBytes - before.bufferBytes).toBeLessThan(MIB);
    for (const client of clients) client.reset();
  });
});

describe('fragments', () => {
  it('are limited in number, empty ones too', async () => {
    for (const payload of ['x', '']) {
      const client = await target.connect();
      client.write(maskedFrame(0x02, 'x'), Buffer.concat(new Array(2_000).fill(maskedFrame(0x00, payload))));
      await client.until('\x88');
      expect(closeCodeOf(client.received)).toBe(1008);
      client.reset();
    }
    await target.expectUnharmed();
  });

  it('are limited in their sum, at the header that goes above it', async () => {
    const client = await target.connect();
    const piece = Buffer.alloc(600_000);
    client.write(maskedFrame(0x02, piece), maskedFrame(0x00, piece).subarray(0, 14));
    await client.until('\x88');
    expect(closeCodeOf(client.received)).toBe(1009);
    client.reset();
    await target.expectUnharmed();
  });

  it('of one byte cost one byte each where their number is not limited', async () => {
    const count = 131_000;
    const client = await target.connect(target.ports.lenient);
    const before = await target.usage();
    client.write(maskedFrame(0x02, 'x'), Buffer.concat(new Array(count - 1).fill(maskedFrame(0x00, 'x'))));
    await until(() => client.socket.writableLength === 0);
    await target.expectUnharmed();
    // The same connection tells when it has read them all: a ping is answered between fragments.
    client.write(maskedFrame(0x89, 'done'));
    await client.until('\x8a\x04done');
    const after = await target.usage();
    expect(after.bufferBytes - before.bufferBytes).toBeLessThan(4 * count);
    client.write(maskedFrame(0x80));
    await until(() => client.received.length >= count);
    client.reset();
  });

  it('cost in proportion to their number', async () => {
    const send = (count: number) => async () => {
      const client = await target.connect(target.ports.lenient);
      client.write(
        maskedFrame(0x02, 'x'),
        Buffer.concat(new Array(count).fill(maskedFrame(0x00, 'x'))),
        maskedFrame(0x89, 'end'),
      );
      await client.until('\x8a\x03end');
      client.socket.resetAndDestroy();
    };
    await send(16_000)();
    const [few, many] = [await target.cpuOf(send(16_000)), await target.cpuOf(send(64_000))];
    // Four times as many; sixteen times the cost would be quadratic.
    expect(many / few).toBeLessThan(9);
  });
});

describe('floods', () => {
  it('of pings whose answers nobody reads leave no queue', async () => {
    const client = await target.connect(target.ports.lenient);
    client.socket.pause();
    const before = await target.usage();
    const thousand = Buffer.concat(new Array(1_000).fill(maskedFrame(0x89, 'x'.repeat(125))));
    for (let count = 0; count < 300; count++) {
      if (!client.socket.write(thousand)) await new Promise((resolve) => client.socket.once('drain', resolve));
    }
    await target.expectUnharmed();
    const after = await target.usage();
    expect(after.bufferBytes - before.bufferBytes).toBeLessThan(4 * MIB);
    client.reset();
  });

  it('of pings are closed with 1008 where they are counted', async () => {
    const client = await target.connect();
    client.write(Buffer.concat(new Array(200).fill(maskedFrame(0x89))));
    await client.until('\x88');
    expect(closeCodeOf(client.received)).toBe(1008);
    client.reset();
    await target.expectUnharmed();
  });

  it('of messages whose echo nobody reads end with the connection, not with the memory', async () => {
    const client = await target.connect();
    client.socket.pause();
    const before = await target.usage();
    const message = maskedFrame(0x82, Buffer.alloc(500_000));
    client.socket.setMaxListeners(0);
    let ended = false;
    client.socket.once('close', () => {
      ended = true;
    });
    for (let count = 0; count < 400 && !ended; count++) {
      if (client.socket.write(message)) continue;
      await Promise.race([
        new Promise((resolve) => client.socket.once('drain', resolve)),
        new Promise((resolve) => client.socket.once('close', resolve)),
      ]);
    }
    await target.expectUnharmed();
    const after = await target.usage();
    // maxBufferedBytes, and the message that went above it.
    expect(after.bufferBytes - before.bufferBytes).toBeLessThan(18 * MIB);
    client.reset();
  });
});

it('idle connections pin none of the memory their messages came in', async () => {
  const before = await target.usage();
  const clients = await Promise.all(Array.from({ length: 500 }, () => target.connect()));
  await Promise.all(
    clients.map(async (client) => {
      client.write(maskedFrame(0x81, 'one'));
      await client.until(serverText('one'));
    }),
  );
  const after = await target.usage();
  expect((after.bufferBytes - before.bufferBytes) / clients.length).toBeLessThan(2_048);
  for (const client of clients) client.reset();
  await target.expectUnharmed();
});

it.each([
  ['in a header', Buffer.from('82fe10', 'hex')],
  ['in a payload', maskedFrame(0x82, 'x'.repeat(100)).subarray(0, 50)],
  ['between fragments', maskedFrame(0x02, 'x')],
  ['in a closing handshake', maskedFrame(0x88, Buffer.from([0x03, 0xe8]))],
])('a reset %s harms nobody', async (_, bytes) => {
  const client = await target.connect();
  client.write(bytes);
  await until(() => client.socket.writableLength === 0);
  client.reset();
  await target.expectUnharmed();
});
