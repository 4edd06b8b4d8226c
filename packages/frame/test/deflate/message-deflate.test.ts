import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import type { ConnectionLimits } from '../../src/connection-options.ts';
import type { Inflater } from '../../src/deflate/codec.ts';
import { MessageDeflate } from '../../src/deflate/message-deflate.ts';
import type { FrameErrorCode } from '../../src/errors.ts';
import { Opcode } from '../../src/opcode.ts';
import { concat, cut, fromHex, toHex, utf8, wellFormed } from '../bytes.ts';
import { decodeFrames } from '../frames.ts';
import { type Happening, TestMachine } from '../test-machine.ts';
import { deflated, messageDeflate, plainAgreement, zlibDeflater, zlibInflater } from './zlib-codec.ts';

const RSV1 = 4;
const flags = [true, false];
const takeover = { serverNoContextTakeover: false, clientNoContextTakeover: false };

function compressingServer(limits: Partial<ConnectionLimits> = {}, deflate = messageDeflate('server')): TestMachine {
  return new TestMachine('server', limits, deflate);
}

/** What a server makes of one compressed message. */
function received(payload: Uint8Array, opcode: Opcode = Opcode.Text, server = compressingServer()): Happening[] {
  server.receive(opcode, payload, true, RSV1);
  return server.news();
}

function expectFailure(server: TestMachine, code: FrameErrorCode, closeCode: number): void {
  const happenings = server.news();
  const close = closeCode.toString(16).padStart(4, '0');
  expect(happenings.map(([what]) => what).filter((what) => what === 'text' || what === 'binary')).toEqual([]);
  expect(happenings.slice(-2)).toEqual([['send', 'close', close], ['end']]);
  server.machine.eof();
  expect(server.news()).toEqual([['closed', expect.objectContaining({ error: expect.objectContaining({ code }) })]]);
}

describe('the examples of RFC 7692 §7.2.3', () => {
  it.each([
    ['a message of one block (§7.2.3.1)', 'f248cdc9c90700'],
    ['a block without compression (§7.2.3.3)', '000500faff48656c6c6f00'],
    ['a final block (§7.2.3.4)', 'f348cdc9c9070000'],
    ['two blocks (§7.2.3.5)', 'f248050000 00ffffcac9c90700'],
  ])('%s says Hello', (_, hex) => {
    expect(received(fromHex(hex))).toEqual([['text', 'Hello']]);
  });

  it('shares the window between two messages (§7.2.3.2)', () => {
    const server = compressingServer({}, messageDeflate('server', takeover));
    for (const hex of ['f248cdc9c90700', 'f200110000']) server.receive(Opcode.Text, fromHex(hex), true, RSV1);
    expect(server.news()).toEqual([
      ['text', 'Hello'],
      ['text', 'Hello'],
    ]);
  });

  it('refuses that second message without context takeover', () => {
    const server = compressingServer();
    server.receive(Opcode.Text, fromHex('f248cdc9c90700'), true, RSV1);
    server.news();
    server.receive(Opcode.Text, fromHex('f200110000'), true, RSV1);
    expectFailure(server, 'INVALID_DEFLATE', 1007);
  });

  it('takes a message in two frames, of which the second has no RSV1 (§7.2.3.1)', () => {
    const server = compressingServer();
    server.receive(Opcode.Text, fromHex('f248cd'), false, RSV1);
    server.receive(Opcode.Continuation, fromHex('c9c90700'));
    expect(server.news()).toEqual([['text', 'Hello']]);
  });

  it('takes an empty message, of one byte 0 (§7.2.3.6) and of none', () => {
    expect(received(fromHex('00'))).toEqual([['text', '']]);
    expect(received(fromHex('00'), Opcode.Binary)).toEqual([['binary', '']]);
    expect(received(fromHex(''))).toEqual([['text', '']]);
    expect(received(fromHex(''), Opcode.Binary)).toEqual([['binary', '']]);
    expect(received(fromHex('0200'))).toEqual([['text', '']]);
  });
});

describe('final blocks', () => {
  const final = (text: string) => new Uint8Array(deflateRawSync(text));

  it('may end a message without a block behind them', () => {
    expect(received(final('Hello'))).toEqual([['text', 'Hello']]);
  });

  it('may stand within a message, and refer to what was before them', () => {
    expect(received(concat(final('Hello, '), final('world'), fromHex('00')))).toEqual([['text', 'Hello, world']]);
    expect(received(concat(final('Hello'), fromHex('f200110000')))).toEqual([['text', 'HelloHello']]);
  });

  it('do not interrupt context takeover', () => {
    const server = compressingServer({}, messageDeflate('server', takeover));
    server.receive(Opcode.Text, fromHex('f348cdc9c9070000'), true, RSV1);
    server.receive(Opcode.Text, fromHex('f200110000'), true, RSV1);
    expect(server.news()).toEqual([
      ['text', 'Hello'],
      ['text', 'Hello'],
    ]);
  });

  it('are limited, as each costs as much as a message', () => {
    const many = (count: number) => concat(...Array.from({ length: count }, () => final('a')));
    expect(received(concat(many(15), fromHex('00')))).toEqual([['text', 'a'.repeat(15)]]);
    const server = compressingServer();
    server.receive(Opcode.Text, concat(many(100_000)), true, RSV1);
    expectFailure(server, 'INVALID_DEFLATE', 1007);
  });
});

describe('what is not DEFLATE', () => {
  it.each([
    ['a block of a reserved type', 'ffffff'],
    ['a message that was cut off within a block', 'f248cd'],
    ['a stored block that was cut off', '000500faff4865'],
    ['a stored block whose lengths disagree', '000500faf048656c6c6f00'],
    ['a distance beyond the beginning', 'f200110000'],
    ['the four bytes that should have been left out', 'f248cdc9c907000000ffff'],
    ['bytes behind a final block that are none', 'f348cdc9c9070000ff'],
  ])('closes with 1007: %s', (_, hex) => {
    const server = compressingServer();
    server.receive(Opcode.Binary, fromHex(hex), true, RSV1);
    expectFailure(server, 'INVALID_DEFLATE', 1007);
  });

  it('says what zlib said to the log', () => {
    const server = compressingServer();
    server.receive(Opcode.Binary, fromHex('ffffff'), true, RSV1);
    server.machine.eof();
    expect(server.news().at(-1)?.[1]).toMatchObject({
      error: {
        message: 'a compressed message is not DEFLATE',
        cause: { code: 'Z_DATA_ERROR' },
      },
    });
  });

  test.prop([fc.uint8Array({ maxLength: 200 }), fc.constantFrom(Opcode.Text, Opcode.Binary)])(
    'never throws, whatever it is',
    (payload, opcode) => {
      const server = compressingServer({}, messageDeflate('server', takeover));
      server.receive(opcode, payload, true, RSV1);
      server.receive(opcode, payload, true, RSV1);
      const { state } = server.machine;
      expect(state === 'open' || state === 'closing').toBe(true);
    },
  );

  test.prop([fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 5 }), fc.nat(), fc.boolean()])(
    'is delivered as something or ends the connection, however a message was damaged',
    (damages, length, isText) => {
      const server = compressingServer({}, messageDeflate('server', takeover));
      const whole = deflated('{"name":"Ann","text":"lorem ipsum dolor"} '.repeat(20));
      const payload = whole.slice(0, whole.length - (length % 4));
      for (const [at, byte] of damages) payload[at % payload.length] = byte;
      server.receive(isText ? Opcode.Text : Opcode.Binary, payload, true, RSV1);
      const delivered = server.news().filter(([what]) => what === 'text' || what === 'binary').length;
      expect(delivered).toBe(server.machine.state === 'open' ? 1 : 0);
    },
  );

  it('does not blame the peer for what is our own fault', () => {
    const noMemory: Inflater = {
      inflate: () => {
        throw new RangeError('Array buffer allocation failed');
      },
    };
    const server = compressingServer({}, messageDeflate('server', {}, { inflater: noMemory }));
    server.receive(Opcode.Text, deflated('Hello'), true, RSV1);
    expectFailure(server, 'INTERNAL', 1011);
  });
});

describe('text', () => {
  it.each(['ff', 'c3', 'eda080', '61c3'])('is checked when it is inflated: %s', (hex) => {
    const server = compressingServer();
    server.receive(Opcode.Text, deflated(fromHex(hex)), true, RSV1);
    expectFailure(server, 'INVALID_UTF8', 1007);
  });

  it('may be cut within a code point', () => {
    const payload = deflated('Grüße, 世界 👋'.repeat(10));
    for (let at = 0; at <= payload.length; at++) {
      const server = compressingServer();
      server.receive(Opcode.Text, payload.subarray(0, at), false, RSV1);
      server.receive(Opcode.Continuation, payload.subarray(at));
      expect(server.news()).toEqual([['text', 'Grüße, 世界 👋'.repeat(10)]]);
    }
  });
});

describe('the reserved bits', () => {
  const hello = fromHex('f248cdc9c90700');

  it.each([
    ['RSV2', Opcode.Text, 2, hello],
    ['RSV3', Opcode.Binary, 1, hello],
    ['RSV1 with RSV2', Opcode.Text, 6, hello],
    ['all of them', Opcode.Text, 7, hello],
    ['RSV1 on a ping', Opcode.Ping, RSV1, fromHex('')],
    ['RSV1 on a pong', Opcode.Pong, RSV1, fromHex('')],
    ['RSV1 on a close', Opcode.Close, RSV1, fromHex('03e8')],
    ['RSV2 on a ping', Opcode.Ping, 2, fromHex('')],
  ] as const)('fail the connection: %s', (_, opcode, rsv, payload) => {
    const server = compressingServer();
    server.receive(opcode, payload, true, rsv);
    expectFailure(server, 'RESERVED_BIT', 1002);
  });

  it.each([0, RSV1])('fail it on a continuation, of a message with %i', (rsv) => {
    const server = compressingServer();
    server.receive(Opcode.Binary, fromHex('f248'), false, rsv);
    server.receive(Opcode.Continuation, fromHex('cdc9c90700'), true, RSV1);
    expectFailure(server, 'RESERVED_BIT', 1002);
  });

  it('fail it where compression was not agreed on', () => {
    const server = new TestMachine('server');
    server.receive(Opcode.Text, hello, true, RSV1);
    expectFailure(server, 'RESERVED_BIT', 1002);
  });

  it('fail it on the header, before anything is inflated', () => {
    const server = compressingServer();
    server.machine.receive(server.peerFrame(Opcode.Text, hello, true, 2).subarray(0, 6));
    expectFailure(server, 'RESERVED_BIT', 1002);
  });
});

describe('messages', () => {
  it('may be plain or compressed, in fragments or not, with pings in between, at every cut', () => {
    const server = compressingServer();
    const stream = concat(
      server.peerFrame(Opcode.Text, 'plain'),
      server.peerFrame(Opcode.Text, deflated('one'), true, RSV1),
      server.peerFrame(Opcode.Binary, deflated('two').subarray(0, 2), false, RSV1),
      server.peerFrame(Opcode.Ping, 'x'),
      server.peerFrame(Opcode.Continuation, '', false),
      server.peerFrame(Opcode.Continuation, deflated('two').subarray(2)),
      server.peerFrame(Opcode.Text, 'pl', false),
      server.peerFrame(Opcode.Continuation, 'ain'),
    );
    for (let at = 0; at <= stream.length; at++) {
      const each = compressingServer();
      for (const chunk of cut(stream, [at])) each.machine.receive(chunk.slice());
      expect(each.news().filter(([what]) => what !== 'send')).toEqual([
        ['text', 'plain'],
        ['text', 'one'],
        ['ping', '78'],
        ['binary', toHex(utf8('two'))],
        ['text', 'plain'],
      ]);
    }
  });

  // The sizes of group 12 of the Autobahn suite, in frames as its group 12 cuts them, under the agreements of group 13.
  const sizes = [0, 16, 64, 256, 1_024, 4_096, 8_192, 16_384, 32_768, 65_536, 131_072];
  const agreements = flags.flatMap((serverNoContextTakeover) =>
    [9, 15].map((serverMaxWindowBits) => ({
      serverNoContextTakeover,
      clientNoContextTakeover: serverNoContextTakeover,
      serverMaxWindowBits,
      clientMaxWindowBits: serverMaxWindowBits,
    })),
  );

  it.each(agreements)('of any size come in frames of any size, and go back: %j', (agreed) => {
    for (const frameBytes of [Number.POSITIVE_INFINITY, 256, 1_300]) {
      const client = messageDeflate('client', agreed);
      const server = compressingServer({}, messageDeflate('server', agreed));
      const back = new TestMachine('client', {}, messageDeflate('client', agreed));
      for (const size of sizes) {
        const text = `{"name":"x${size}","values":[1,2,3],"text":"lorem ipsum"} `.repeat(2_500).slice(0, size);
        for (const [opcode, said] of [
          [Opcode.Text, ['text', text]],
          [Opcode.Binary, ['binary', toHex(utf8(text))]],
        ] as const) {
          const compressed = client.deflate(utf8(text));
          const payload = compressed ?? utf8(text);
          for (let at = 0; at === 0 || at < payload.length; at += frameBytes) {
            const last = at + frameBytes >= payload.length;
            const rsv = at === 0 && compressed !== null ? RSV1 : 0;
            server.receive(at === 0 ? opcode : Opcode.Continuation, payload.slice(at, at + frameBytes), last, rsv);
          }
          expect(server.news()).toEqual([said]);
          if (opcode === Opcode.Text) server.machine.sendText(text);
          else server.machine.sendBinary(utf8(text));
          server.news();
          back.machine.receive(server.outgoing.slice());
          server.outgoing = new Uint8Array(0);
          expect(back.news()).toEqual([said]);
        }
      }
    }
  });

  it('own their memory when they are binary', () => {
    let got = new Uint8Array(0);
    const server = compressingServer();
    server.binary = (data) => {
      got = data as typeof got;
    };
    server.receive(Opcode.Binary, deflated('x'.repeat(1_000)), true, RSV1);
    expect([got.length, got.byteOffset, got.buffer.byteLength]).toEqual([1_000, 0, 1_000]);
  });

  it('hold nothing of what was under way when the connection ends', () => {
    const server = compressingServer();
    server.receive(Opcode.Text, fromHex('f248cd'), false, RSV1);
    server.machine.terminate();
    server.receive(Opcode.Continuation, fromHex('c9c90700'));
    expect(server.news().map(([what]) => what)).toEqual(['destroy', 'closed']);
  });
});

// CVE-2026-1526 and others: what was inflated was limited not at all, or when it was there.
describe('a bomb', () => {
  const limit = 1_048_576;
  const bomb = deflated(new Uint8Array(64 * limit));

  function watchedServer(agreed = {}) {
    const inner = zlibInflater();
    const asked: number[] = [];
    const inflater: Inflater = {
      inflate(bytes, history, maxBytes) {
        asked.push(maxBytes);
        return inner.inflate(bytes, history, maxBytes);
      },
    };
    return {
      asked,
      server: compressingServer({ maxMessageBytes: limit }, messageDeflate('server', agreed, { inflater })),
    };
  }

  it('of 65 kB that would be 64 MiB is given up at the limit', () => {
    expect(bomb.length).toBeLessThan(66_000);
    const { server, asked } = watchedServer();
    server.receive(Opcode.Binary, bomb, true, RSV1);
    expectFailure(server, 'PAYLOAD_TOO_BIG', 1009);
    expect(asked).toEqual([limit]);
  });

  it('over fragments is the same', () => {
    const { server, asked } = watchedServer();
    for (let at = 0; at < bomb.length; at += 100) {
      const last = at + 100 >= bomb.length;
      server.receive(
        at === 0 ? Opcode.Binary : Opcode.Continuation,
        bomb.subarray(at, at + 100),
        last,
        at === 0 ? 4 : 0,
      );
    }
    expectFailure(server, 'PAYLOAD_TOO_BIG', 1009);
    expect(asked).toEqual([limit]);
  });

  it('over final blocks has one limit for all of them', () => {
    const { server, asked } = watchedServer();
    const part = new Uint8Array(deflateRawSync(new Uint8Array(limit / 2)));
    server.receive(Opcode.Binary, concat(part, part, deflated(new Uint8Array(1))), true, RSV1);
    expectFailure(server, 'PAYLOAD_TOO_BIG', 1009);
    expect(asked).toEqual([limit, limit / 2, 0]);
  });

  it('via context takeover is given up at the limit', () => {
    const { server, asked } = watchedServer(takeover);
    const zeros = new Uint8Array(32_768);
    server.receive(Opcode.Binary, deflated(zeros), true, RSV1);
    expect(server.news()).toHaveLength(1);
    server.receive(Opcode.Binary, deflated(new Uint8Array(64 * limit), zeros), true, RSV1);
    expectFailure(server, 'PAYLOAD_TOO_BIG', 1009);
    expect(asked).toEqual([limit, limit]);
  });

  it('is refused on its header where the compressed bytes alone are too many', () => {
    const { server, asked } = watchedServer();
    const frame = server.peerFrame(Opcode.Binary, new Uint8Array(limit + 1), true, RSV1);
    server.machine.receive(frame.subarray(0, 14));
    expectFailure(server, 'PAYLOAD_TOO_BIG', 1009);
    expect(asked).toEqual([]);
  });

  it('is none at exactly the limit', () => {
    const { server } = watchedServer();
    server.receive(Opcode.Binary, deflated(new Uint8Array(limit)), true, RSV1);
    expect(server.news().map(([what, data]) => [what, String(data).length])).toEqual([['binary', 2 * limit]]);
  });
});

describe('sending', () => {
  const text = 'the same again and again '.repeat(20);

  function sent(machine: TestMachine) {
    return decodeFrames([machine.outgoing.slice()]).map(({ rsv, opcode, payload }) => ({ rsv, opcode, payload }));
  }

  it('compresses from the threshold on, counted in bytes', () => {
    const server = compressingServer({}, messageDeflate('server', {}, { thresholdBytes: 30 }));
    server.machine.sendText('a'.repeat(29));
    server.machine.sendText('a'.repeat(30));
    server.machine.sendText('ä'.repeat(14));
    server.machine.sendText('ä'.repeat(15));
    server.machine.sendBinary(new Uint8Array(29));
    server.machine.sendBinary(new Uint8Array(30));
    expect(sent(server).map(({ rsv }) => rsv)).toEqual([0, RSV1, 0, RSV1, 0, RSV1]);
  });

  it('leaves out the four bytes at the end', () => {
    const server = compressingServer();
    server.machine.sendText(text);
    const [frame] = sent(server);
    const payload = frame?.payload as Uint8Array;
    expect(toHex(payload.subarray(-4))).not.toBe('0000ffff');
    expect(inflateRawSync(concat(payload, fromHex('0000ffff0300'))).toString()).toBe(text);
  });

  it('sends plain what would not be shorter', () => {
    const server = compressingServer();
    server.machine.sendText('');
    server.machine.sendText('x');
    server.machine.sendBinary(fromHex('00ff8123'));
    expect(sent(server).map(({ rsv }) => rsv)).toEqual([0, 0, 0]);
  });

  it('sends plain what could not be compressed', () => {
    const noMemory = {
      deflate: () => {
        throw new RangeError('Array buffer allocation failed');
      },
    };
    const server = compressingServer({}, messageDeflate('server', {}, { deflater: noMemory }));
    expect(server.machine.sendText(text)).toBe(true);
    expect(sent(server).map(({ rsv }) => rsv)).toEqual([0]);
  });

  it('never marks control frames', () => {
    const server = compressingServer();
    server.machine.ping(utf8('a'.repeat(100)));
    server.receive(Opcode.Ping, 'a'.repeat(100));
    server.machine.close({ code: 1000, reason: 'a'.repeat(100) });
    expect(sent(server).map(({ rsv }) => rsv)).toEqual([0, 0, 0]);
  });

  it('refers to earlier messages with context takeover, and only then', () => {
    const bytesOf = (agreed: object) => {
      const server = compressingServer({}, messageDeflate('server', agreed));
      server.machine.sendText(text);
      server.machine.sendText(text);
      return sent(server).map(({ payload }) => payload.length);
    };
    const [first, second] = bytesOf({ serverNoContextTakeover: false }) as [number, number];
    expect(second).toBeLessThan(first / 2);
    const [alone, again] = bytesOf({ clientNoContextTakeover: false }) as [number, number];
    expect(again).toBe(alone);
  });
});

describe('two ends', () => {
  const messages = fc.array(
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }).map(wellFormed),
      fc.uint8Array({ maxLength: 60 }),
      fc.constantFrom('lorem ipsum '.repeat(100), new Uint8Array(3_000), 'ab'.repeat(20_000)),
    ),
    { maxLength: 12 },
  );

  test.prop([
    messages,
    fc.boolean(),
    fc.boolean(),
    fc.integer({ min: 8, max: 15 }),
    fc.constantFrom(0, 1, 20, 1_000),
    fc.constantFrom('client' as const, 'server' as const),
  ])('understand each other whatever was agreed on', (all, server, client, bits, thresholdBytes, from) => {
    const agreed = {
      serverNoContextTakeover: server,
      clientNoContextTakeover: client,
      serverMaxWindowBits: bits,
      clientMaxWindowBits: 23 - bits,
    };
    const sender = new TestMachine(from, {}, messageDeflate(from, agreed, { thresholdBytes }));
    const to = from === 'client' ? 'server' : 'client';
    const receiver = new TestMachine(to, {}, messageDeflate(to, agreed));
    for (const message of all) {
      if (typeof message === 'string') sender.machine.sendText(message);
      else sender.machine.sendBinary(message);
    }
    receiver.machine.receive(sender.outgoing.slice());
    expect(receiver.news()).toEqual(
      all.map((message) => (typeof message === 'string' ? ['text', message] : ['binary', toHex(message)])),
    );
  });

  it('keep to the window: with 8 bits nothing is referred to that is farther than 256 bytes', () => {
    const setup = { agreed: { ...plainAgreement, ...takeover, serverMaxWindowBits: 8 }, thresholdBytes: 0 };
    const server = new MessageDeflate(
      'server',
      { ...setup, deflater: zlibDeflater(8), inflater: zlibInflater() },
      (bytes) => new Uint8Array(bytes),
    );
    let seen = new Uint8Array(0);
    for (let round = 0; round < 300; round++) {
      const payload = utf8(`${round % 7} some words that repeat, ${'x'.repeat(round % 40)} ${round * 7919}`);
      const compressed = server.deflate(payload);
      if (compressed === null) continue;
      // A reader that has kept exactly 256 bytes; whatever refers to more is corrupt to it.
      const got = inflateRawSync(concat(compressed, fromHex('0000ffff0300')), {
        windowBits: 8,
        dictionary: seen.subarray(-256),
      });
      expect(toHex(got)).toBe(toHex(payload));
      seen = new Uint8Array(concat(seen, payload));
    }
    expect(seen.length).toBeGreaterThan(5_000);
  });
});
