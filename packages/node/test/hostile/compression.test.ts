import { constants, createDeflateRaw, deflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RawClient, upgradeText } from '../raw-client.ts';
import { closeCodeOf, maskedFrame, Target } from './target.ts';

const MIB = 1_048_576;
const BOMB_BYTES = 64 * MIB;
const bomb = deflateRawSync(Buffer.alloc(BOMB_BYTES), { level: 9, finishFlush: constants.Z_SYNC_FLUSH }).subarray(
  0,
  -4,
);
let target: Target;

beforeAll(async () => {
  target = await Target.start();
});
afterAll(() => target.end());

function connect(): Promise<RawClient> {
  return target.connect(target.ports.compressing, { 'Sec-WebSocket-Extensions': 'permessage-deflate' });
}

describe('offers', () => {
  const values = ['0', '7', '08', '16', '', '"', '""', '1e3', '-1', '+9', '9.0', '99999999999999999999', 'true', '９'];
  const parameters = ['server_max_window_bits', 'client_max_window_bits'];
  const bad = parameters.flatMap((parameter) => [
    ...values.map((value) => `${parameter}=${value}`),
    `${parameter}=9; ${parameter}=9`,
    `${parameter}=9; ${parameter}=10`,
  ]);
  it.each([...bad, 'server_max_window_bits', 'server_no_context_takeover=1', 'client_no_context_takeover=0', 'x=y'])(
    'with %s are declined or refused',
    async (parameter) => {
      const client = await RawClient.open(target.ports.compressing);
      client.write(upgradeText({ 'Sec-WebSocket-Extensions': `permessage-deflate; ${parameter}` }));
      const answer = await client.until('\r\n\r\n');
      expect(answer).toMatch(/^HTTP\/1.1 (101|400) /);
      expect(answer).not.toContain('permessage-deflate');
      client.reset();
      await target.expectUnharmed();
    },
  );

  it('that were not agreed on leave compressed messages illegal', async () => {
    const client = await target.connect(target.ports.compressing);
    client.write(maskedFrame(0xc1, bomb));
    await client.until('\x88');
    expect(closeCodeOf(client.received)).toBe(1002);
    client.reset();
    await target.expectUnharmed();
  });
});

describe('64 MiB out of 65 kB', () => {
  const pieces = Array.from({ length: Math.ceil(bomb.length / 1_024) }, (_, index) =>
    bomb.subarray(index * 1_024, (index + 1) * 1_024),
  );
  const inFragments = Buffer.concat(
    pieces.map((piece, index) =>
      maskedFrame((index === 0 ? 0x42 : 0x00) | (index === pieces.length - 1 ? 0x80 : 0), piece),
    ),
  );
  it.each<[how: string, bytes: () => Promise<Buffer> | Buffer]>([
    ['in one message', () => maskedFrame(0xc2, bomb)],
    ['in fragments', () => inFragments],
    ['in a window that goes on', () => afterAnother()],
    ['of text', () => maskedFrame(0xc1, bomb)],
  ])('%s are given up at the limit, however many there are', async (_, make) => {
    const bytes = await make();
    const attack = async () => {
      const client = await connect();
      client.write(bytes);
      await client.until('\x88');
      expect(closeCodeOf(client.received)).toBe(1009);
      client.reset();
    };
    for (let round = 0; round < 5; round++) await attack();
    const before = await target.memory();
    for (let round = 0; round < 10; round++) await Promise.all([attack(), attack()]);
    const after = await target.memory();
    expect(after.heldBytes - before.heldBytes).toBeLessThan(2 * MIB);
    // Twenty times the limit could wait for a collection; one bomb would be more.
    expect(after.peakBytes - before.peakBytes).toBeLessThan(BOMB_BYTES / 2);
    await target.expectUnharmed();
  });
});

describe('what is no DEFLATE', () => {
  it.each([
    ['bytes of ones', 0xc2, Buffer.alloc(1_000, 0xff)],
    ['a block that ends early', 0xc2, Buffer.from('f24805', 'hex').subarray(0, 2)],
    ['a reference to what never was', 0xc2, Buffer.from('030100', 'hex')],
    ['text that is no UTF-8', 0xc1, Buffer.from('000200fdffc328', 'hex')],
  ])('is closed with 1007: %s', async (_, first, payload) => {
    const client = await connect();
    client.write(maskedFrame(first, payload));
    await client.until('\x88');
    expect(closeCodeOf(client.received)).toBe(1007);
    client.reset();
    await target.expectUnharmed();
  });
});

describe('fragments of a compressed message', () => {
  const stored = (bytes: number) =>
    deflateRawSync(Buffer.alloc(bytes, 'x'), { level: 0, finishFlush: constants.Z_SYNC_FLUSH }).subarray(0, -4);
  it('cost in proportion to their number', async () => {
    const send = async (count: number) => {
      const client = await connect();
      const frames = [...stored(count)].map((byte, index) =>
        maskedFrame(index === 0 ? 0x42 : 0x00, Buffer.from([byte])),
      );
      client.write(Buffer.concat(frames), maskedFrame(0x89, 'end'));
      await client.until('\x8a\x03end');
      client.reset();
    };
    await target.expectLinear(send, 8_000);
    await target.expectUnharmed();
  });
});

/** A harmless message, and a bomb that refers to it. */
async function afterAnother(): Promise<Buffer> {
  const deflate = createDeflateRaw({ level: 9 });
  const chunks: Buffer[] = [];
  deflate.on('data', (chunk: Buffer) => chunks.push(chunk));
  const messages: Buffer[] = [];
  for (const data of [Buffer.alloc(1_000), Buffer.alloc(BOMB_BYTES)]) {
    deflate.write(data);
    await new Promise<void>((resolve) => deflate.flush(constants.Z_SYNC_FLUSH, resolve));
    messages.push(maskedFrame(0xc2, Buffer.concat(chunks.splice(0)).subarray(0, -4)));
  }
  deflate.close();
  return Buffer.concat(messages);
}
