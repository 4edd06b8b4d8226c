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
    ['2^31 + 1', '0000000080000001', 1009],
    ['2^32 - 1', '00000000ffffffff', 1009],
    ['2^32', '0000000100000000', 1009],
    ['2^32 + 1', '0000000100000001', 1009],
    ['2^53 - 1', '001fffffffffffff', 1009],
    ['2^53', '0020000000000000', 1009],
    ['2^53 + 1', '0020000000000001', 1009],
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

  it.each(['007d', '0000'])('that two bytes say and one could are refused: %s', async (length) => {
    const client = await target.connect();
    client.write(Buffer.from(`82fe${length}00000000`, 'hex'));
    await client.until('\x88');
    expect(closeCodeOf(client.received)).toBe(1002);
    client.reset();
    await target.expectUnharmed();
  });

  it('that are announced and never sent take no memory', async () => {
    const before = await target.memory();
    const clients = await Promise.all(Array.from({ length: 100 }, () => target.connect()));
    // A message of 1 MiB each, of which one byte comes.
    for (const client of clients) client.write(Buffer.from('82ff000000000010000000000000aa', 'hex'));
    await target.expectUnharmed();
    const after = await target.memory();
    expect(after.bufferBytes - before.bufferBytes).toBeLessThan(MIB);
    expect(after.heldBytes - before.heldBytes).toBeLessThan(4 * MIB);
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
    const before = await target.memory();
    client.write(maskedFrame(0x02, 'x'), Buffer.concat(new Array(count - 1).fill(maskedFrame(0x00, 'x'))));
    await until(() => client.socket.writableLength === 0);
    await target.expectUnharmed();
    // The same connection tells when it has read them all: a ping is answered between fragments.
    client.write(maskedFrame(0x89, 'done'));
    await client.until('\x8a\x04done');
    const after = await target.memory();
    expect(after.bufferBytes - before.bufferBytes).toBeLessThan(2 * count);
    // An object for each would be some 100 bytes.
    expect(after.heldBytes - before.heldBytes).toBeLessThan(16 * count);
    client.write(maskedFrame(0x80));
    await until(() => client.received.length >= count);
    client.reset();
  });

  it('cost in proportion to their number', async () => {
    const send = async (count: number) => {
      const client = await target.connect(target.ports.lenient);
      client.write(
        maskedFrame(0x02, 'x'),
        Buffer.concat(new Array(count).fill(maskedFrame(0x00, 'x'))),
        maskedFrame(0x89, 'end'),
      );
      await client.until('\x8a\x03end');
      client.reset();
    };
    await target.expectLinear(send, 8_000);
  });
});

describe('pieces of a message', () => {
  it('cost one byte each when each comes in a packet of its own', async () => {
    const count = 20_000;
    const client = await target.connect();
    const frame = maskedFrame(0x82, 'x'.repeat(count));
    const before = await target.memory();
    client.write(frame.subarray(0, -count));
    await client.trickle('x'.repeat(count - 1));
    await target.expectUnharmed();
    const after = await target.memory();
    expect(after.heldBytes - before.heldBytes).toBeLessThan(MIB);
    client.write('x');
    await until(() => client.received.length >= count);
    client.reset();
  });

  it.each([
    ['a fragment', maskedFrame(0x02, 'x')],
    ['half a payload', maskedFrame(0x82, 'xx').subarray(0, -1)],
    ['half a header', maskedFrame(0x82, 'xx').subarray(0, 4)],
  ])('are not waited for longer than a message may take, after %s', async (_, bytes) => {
    const client = await target.connect(target.ports.hurried);
    client.write(bytes);
    await client.untilClosed();
    expect(closeCodeOf(client.received)).toBe(1008);
    await target.expectUnharmed();
  });

  it('that trickle in move no deadline', async () => {
    const client = await target.connect(target.ports.hurried);
    client.write(maskedFrame(0x02, 'x'));
    while (!client.socket.closed) {
      client.write(maskedFrame(0x00, 'x'));
      await Promise.race([client.closed, new Promise((resolve) => setImmediate(resolve))]);
    }
    expect(closeCodeOf(client.received)).toBe(1008);
    await target.expectUnharmed();
  });
});

describe('floods', () => {
  it('of a million pings whose answers nobody reads leave no queue', async () => {
    const client = await target.connect(target.ports.lenient);
    client.socket.pause();
    const before = await target.memory();
    const thousand = Buffer.concat(new Array(1_000).fill(maskedFrame(0x89, 'x'.repeat(20))));
    for (let count = 0; count < 1_000; count++) {
      if (!client.socket.write(thousand)) await new Promise((resolve) => client.socket.once('drain', resolve));
    }
    await target.expectUnharmed();
    const after = await target.memory();
    // A queue of them would be 22 MB.
    expect(after.heldBytes - before.heldBytes).toBeLessThan(4 * MIB);
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
    const before = await target.memory();
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
    const after = await target.memory();
    // maxBufferedBytes, the message that went above it, and one that arrives.
    expect(after.heldBytes - before.heldBytes).toBeLessThan(18 * MIB);
    client.reset();
  });
});

describe('idle connections', () => {
  it.each([
    ['after a message', maskedFrame(0x81, 'one'), serverText('one')],
    ['in a masking key', Buffer.concat([maskedFrame(0x81, 'one'), maskedFrame(0x81, 'two').subarray(0, 4)]), 'one'],
    ['in a message', Buffer.concat([maskedFrame(0x81, 'one'), maskedFrame(0x01, 'two')]), 'one'],
    ['after a ping', maskedFrame(0x89, 'one'), '\x8a\x03one'],
  ])('pin none of the memory that their bytes came in: %s', async (_, bytes, answer) => {
    const before = await target.memory();
    const clients = await Promise.all(Array.from({ length: 1_000 }, () => target.connect()));
    await Promise.all(
      clients.map(async (client) => {
        client.write(bytes);
        await client.until(answer);
      }),
    );
    const after = await target.memory();
    expect((after.bufferBytes - before.bufferBytes) / clients.length).toBeLessThan(2_048);
    expect((after.heldBytes - before.heldBytes) / clients.length).toBeLessThan(16_384);
    for (const client of clients) client.reset();
    await target.expectUnharmed();
  });
});

describe('frames that break the rules', () => {
  const states: readonly (readonly [state: string, bytes: readonly Buffer[]])[] = [
    ['first of all', []],
    ['between fragments', [maskedFrame(0x01, 'x')]],
    ['behind a message', [maskedFrame(0x81, 'x')]],
  ];
  const offences: readonly (readonly [offence: string, frame: Buffer, code: number])[] = [
    ['without a mask', Buffer.from('8178', 'hex'), 1002],
    ['of a reserved opcode', maskedFrame(0x83), 1002],
    ['with a reserved bit', maskedFrame(0xc1, 'x'), 1002],
    ['of a ping in fragments', maskedFrame(0x09), 1002],
    ['of a ping above 125 bytes', maskedFrame(0x89, 'x'.repeat(126)), 1002],
    ['of a close of one byte', maskedFrame(0x88, 'x'), 1002],
    ['of a close with a reserved code', maskedFrame(0x88, Buffer.from([0x03, 0xed])), 1002],
    ['of a close whose reason is no UTF-8', maskedFrame(0x88, Buffer.from([0x03, 0xe8, 0xff])), 1007],
  ];
  const cases = states.flatMap(([state, before]) => offences.map((offence) => [state, ...offence, before] as const));

  it.each(cases)('%s, %s, end their own connection alone', async (_, __, frame, code, before) => {
    for (const port of [target.ports.strict, target.ports.http, target.ports.compressing]) {
      const client = await target.connect(port);
      client.write(...before, frame, maskedFrame(0x81, 'never read'));
      await client.untilClosed();
      expect(closeCodeOf(client.received)).toBe(code);
      expect(client.received).not.toContain('never read');
    }
    await target.expectUnharmed();
  });

  it('are not even answered behind a close', async () => {
    const client = await target.connect();
    client.write(maskedFrame(0x88, Buffer.from([0x03, 0xe8])), ...offences.map(([, frame]) => frame));
    await client.untilClosed();
    expect(closeCodeOf(client.received)).toBe(1000);
    await target.expectUnharmed();
  });
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
