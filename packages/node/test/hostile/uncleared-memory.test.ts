import { deflateRawSync } from 'node:zlib';
import { connect } from '@typewire/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RawClient, upgradeText } from '../raw-client.ts';
import { maskedFrame, Target } from './target.ts';
import { uncleared } from './uncleared-memory.ts';

// All memory that the target's process takes uncleared says so: a byte that is sent and was not written shows.
let target: Target;

beforeAll(async () => {
  target = await Target.start();
});
afterAll(() => target.end());

const lengths = [0, 1, 125, 126, 127, 1_000, 4_096, 16_383, 16_384, 16_385, 32_768, 65_535, 65_536, 100_000, 1_000_000];
const texts: readonly (readonly [name: string, unit: string])[] = [
  ['ASCII', 'a'],
  ['two bytes a character', 'é'],
  ['four bytes a character', '👋'],
];

/** An unmasked frame, made without the engine. */
function serverFrame(first: number, payload: Buffer): Buffer {
  const frame = maskedFrame(first, payload);
  const headerBytes = frame.length - payload.length - 4;
  frame[1] = (frame[1] as number) & 0x7f;
  return Buffer.concat([frame.subarray(0, headerBytes), payload]);
}

describe('a peer is sent what was written and nothing else', () => {
  const payloads = lengths.flatMap((length) => [
    ['bytes', length, 0x82, Buffer.alloc(length, 7)] as const,
    ...texts.map(([name, unit]) => {
      const bytes = Buffer.byteLength(unit);
      return [name, length, 0x81, Buffer.from(unit.repeat(Math.ceil(length / bytes)))] as const;
    }),
  ]);
  it.each(payloads)('of %s, %i long', async (_, __, first, payload) => {
    const client = await target.connect();
    const start = client.received.length;
    client.write(maskedFrame(first, payload), maskedFrame(0x89, 'end'));
    await client.until('\x8a\x03end');
    const want = Buffer.concat([serverFrame(first, payload), serverFrame(0x8a, Buffer.from('end'))]);
    expect(Buffer.from(client.received.slice(start), 'latin1').equals(want)).toBe(true);
    client.reset();
  });

  it('of many messages in one write, of all lengths', async () => {
    const client = await target.connect();
    const start = client.received.length;
    const messages = payloads.filter(([, length]) => length <= 20_000);
    client.write(...messages.map(([, , first, payload]) => maskedFrame(first, payload)), maskedFrame(0x89, 'end'));
    await client.until('\x8a\x03end');
    const want = messages.map(([, , first, payload]) => serverFrame(first, payload));
    const got = Buffer.from(client.received.slice(start), 'latin1');
    expect(got.equals(Buffer.concat([...want, serverFrame(0x8a, Buffer.from('end'))]))).toBe(true);
    client.reset();
  });

  it.each([0, 1, 64, 125])('of a ping with %i bytes', async (length) => {
    const client = await target.connect();
    const start = client.received.length;
    client.write(maskedFrame(0x89, Buffer.alloc(length, 7)), maskedFrame(0x88, Buffer.from([0x03, 0xe8])));
    await client.untilClosed();
    const want = [serverFrame(0x8a, Buffer.alloc(length, 7)), Buffer.from('880203e8', 'hex')];
    expect(Buffer.from(client.received.slice(start), 'latin1')).toEqual(Buffer.concat(want));
  });

  it.each([0, 1, 60, 123])('of a close with a reason of %i bytes', async (length) => {
    const client = await target.connect();
    const start = client.received.length;
    const payload = Buffer.concat([Buffer.from([0x0b, 0xb8]), Buffer.alloc(length, 'r')]);
    client.write(maskedFrame(0x88, payload));
    await client.untilClosed();
    expect(Buffer.from(client.received.slice(start), 'latin1')).toEqual(serverFrame(0x88, payload));
  });

  it('of compressed messages', async () => {
    const client = await connect(`ws://127.0.0.1:${target.ports.compressing}`, { perMessageDeflate: true });
    expect(client.extensions).toContain('permessage-deflate');
    for (const [, , first, payload] of payloads) {
      const data = first === 0x81 ? payload.toString() : new Uint8Array(payload);
      const answer = new Promise<string | Uint8Array>((resolve) => {
        const stop = client.on('message', (message) => {
          stop();
          resolve(message);
        });
      });
      client.send(data);
      expect(Buffer.from(await answer).equals(payload)).toBe(true);
    }
    client.terminate();
  });

  it('of answers to handshakes, and to whoever breaks a rule', async () => {
    const heads = [
      upgradeText(),
      upgradeText({ 'Sec-WebSocket-Key': null }),
      upgradeText({ 'Sec-WebSocket-Version': '7' }),
      '\0\0\r\n\r\n',
    ];
    const frames = [Buffer.from('8178', 'hex'), maskedFrame(0x83), maskedFrame(0xc1, deflateRawSync('x'))];
    for (const port of [target.ports.strict, target.ports.compressing, target.ports.http]) {
      for (const head of heads) {
        for (const frame of frames) {
          const client = await RawClient.open(port);
          client.write(head.replace('a.example', `127.0.0.1:${port}`), frame);
          expect(await client.untilClosed()).not.toContain(uncleared.slice(0, 8));
        }
      }
    }
  });
});

it('what is not written would be seen', () => {
  expect(Buffer.allocUnsafeSlow(50).toString()).toContain(uncleared);
  expect(Buffer.allocUnsafe(50).toString()).toContain(uncleared);
});
