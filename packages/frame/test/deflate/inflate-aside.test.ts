import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { connectionLimits } from '../../src/connection-options.ts';
import { Opcode } from '../../src/opcode.ts';
import { concat, cut, toHex, utf8 } from '../bytes.ts';
import { type Happening, TestMachine } from '../test-machine.ts';
import { ManualCodec } from './manual-codec.ts';
import { deflated, messageDeflate, zlibDeflater, zlibInflater } from './zlib-codec.ts';

const RSV1 = 4;
const large = 'a large message '.repeat(20);

/** A server that inflates messages of 100 bytes and more when the test says so. */
function start(limits = {}, agreed = {}, codec = new ManualCodec()) {
  const { deflater, inflater } = codec;
  const deflate = messageDeflate('server', agreed, { deflater, inflater, asyncThresholdBytes: 100 });
  const server = new TestMachine('server', limits, deflate);
  const receive = (text: string, opcode: Opcode = Opcode.Text) => server.receive(opcode, deflated(text), true, RSV1);
  return { server, codec, receive };
}

const withoutHolds = (happenings: readonly Happening[]) => happenings.filter(([what]) => what !== 'held');

describe('while a large message is inflated', () => {
  it('what comes after it is kept, and delivered after it', () => {
    const { server, codec, receive } = start();
    receive('before');
    server.machine.receive(
      concat(
        server.peerFrame(Opcode.Text, deflated(large), true, RSV1),
        server.peerFrame(Opcode.Text, 'after'),
        server.peerFrame(Opcode.Ping, 'p'),
      ),
    );
    server.receive(Opcode.Binary, 'bytes');
    expect(server.news()).toEqual([
      ['text', 'before'],
      ['held', true],
    ]);
    codec.finish();
    expect(server.news()).toEqual([
      ['text', large],
      ['text', 'after'],
      ['ping', '70'],
      ['send', 'pong', '70'],
      ['binary', toHex(utf8('bytes'))],
      ['held', false],
    ]);
  });

  it('another large one behind it begins when it is done', () => {
    const { server, codec, receive } = start();
    for (const text of [large, `${large}2`, 'end']) receive(text);
    expect(codec.size).toBe(1);
    server.news();
    codec.finish();
    expect(server.news()).toEqual([
      ['text', large],
      ['held', true],
    ]);
    codec.finish();
    expect(server.news()).toEqual([
      ['text', `${large}2`],
      ['text', 'end'],
      ['held', false],
    ]);
  });

  it('the cuts of the stream make no difference', () => {
    const { server: sample } = start();
    const stream = concat(
      sample.peerFrame(Opcode.Text, 'plain'),
      sample.peerFrame(Opcode.Text, deflated(large).subarray(0, 5), false, RSV1),
      sample.peerFrame(Opcode.Continuation, deflated(large).subarray(5)),
      sample.peerFrame(Opcode.Binary, deflated(large), true, RSV1),
      sample.peerFrame(Opcode.Text, 'pl', false),
      sample.peerFrame(Opcode.Ping, 'x'),
      sample.peerFrame(Opcode.Continuation, 'ain'),
    );
    const want = [
      ['text', 'plain'],
      ['text', large],
      ['binary', toHex(utf8(large))],
      ['ping', '78'],
      ['text', 'plain'],
    ];
    for (let at = 0; at <= stream.length; at++) {
      for (const late of [true, false]) {
        const { server, codec } = start();
        for (const chunk of cut(stream, [at])) {
          server.machine.receive(chunk.slice());
          if (!late) codec.finishAll();
        }
        codec.finishAll();
        expect(withoutHolds(server.news()).filter(([what]) => what !== 'send')).toEqual(want);
      }
    }
  });

  it('the memory of what came with it is not used any more', () => {
    const { server, codec } = start();
    const chunk = concat(
      server.peerFrame(Opcode.Text, deflated(large), true, RSV1),
      server.peerFrame(Opcode.Text, 'after'),
    );
    server.machine.receive(chunk);
    chunk.fill(0xff);
    codec.finish();
    expect(withoutHolds(server.news())).toEqual([
      ['text', large],
      ['text', 'after'],
    ]);
  });

  it('a message that is not complete has all of its time afterwards', () => {
    const { server, codec } = start({ messageTimeoutMs: 1_000 });
    const begun = server.peerFrame(Opcode.Text, 'begun', false);
    server.machine.receive(concat(server.peerFrame(Opcode.Text, deflated(large), true, RSV1), begun));
    expect(server.machine.deadlineMs).toBe(Number.POSITIVE_INFINITY);
    server.advance(5_000);
    codec.finish();
    expect(server.machine.deadlineMs).toBe(6_000);
    server.advance(1_000);
    expect(server.machine.state).toBe('closing');
  });

  it('our close is sent at once, and the message still delivered', () => {
    const { server, codec, receive } = start();
    receive(large);
    server.machine.close({ code: 1000, reason: '' });
    codec.finish();
    server.receive(Opcode.Close, Uint8Array.of(3, 0xe8));
    server.machine.eof();
    expect(withoutHolds(server.news())).toEqual([
      ['send', 'close', '03e8'],
      ['text', large],
      ['end'],
      ['closed', { code: 1000, reason: '', clean: true }],
    ]);
  });

  it('the Close frame of the peer waits behind it', () => {
    const { server, codec, receive } = start();
    receive(large);
    server.receive(Opcode.Close, Uint8Array.of(3, 0xe8));
    expect(server.machine.state).toBe('open');
    codec.finish();
    expect(withoutHolds(server.news())).toEqual([['text', large], ['send', 'close', '03e8'], ['end']]);
  });

  it.each([
    ['terminating', (server: TestMachine) => server.machine.terminate(), ['destroy', 'closed']],
    ['the end of the transport', (server: TestMachine) => server.machine.eof(), ['closed']],
  ])('%s gives it up, and delivers nothing more', (_, end, told) => {
    const { server, codec, receive } = start();
    receive(large);
    receive('after');
    server.news();
    end(server);
    expect([codec.size, codec.cancelled]).toEqual([0, 1]);
    expect(server.news().map(([what]) => what)).toEqual(told);
    receive('late');
    expect(server.news()).toEqual([]);
  });

  it('ending in answer to it delivers nothing that came after it', () => {
    const { server, codec, receive } = start();
    for (const text of [large, 'after', large]) receive(text);
    server.onMessage = () => server.machine.terminate();
    server.news();
    codec.finish();
    expect(server.news().map(([what]) => what)).toEqual(['text', 'destroy', 'closed', 'held']);
    expect(codec.size).toBe(0);
  });

  it('a broken rule behind it is found out after it was delivered', () => {
    const { server, codec, receive } = start();
    receive(large);
    server.receive(Opcode.Text, 'reserved', true, 2);
    codec.finish();
    expect(withoutHolds(server.news())).toEqual([['text', large], ['send', 'close', '03ea'], ['end']]);
  });
});

describe('a large message', () => {
  it('is one that inflates to so many bytes, or has so many that it usually would', () => {
    for (const [payload, aside] of [
      [deflated('x'.repeat(100)), 0],
      [deflated('x'.repeat(101)), 1],
      [new Uint8Array(deflateRawSync(utf8(large.slice(0, 24)), { level: 0, finishFlush: 2 })).slice(0, -4), 1],
    ] as const) {
      const { server, codec } = start();
      server.receive(Opcode.Text, payload, true, RSV1);
      expect(codec.size).toBe(aside);
    }
  });

  it('is none where the inflater cannot do it beside the thread', () => {
    const codec = new ManualCodec();
    const setup = { deflater: zlibDeflater(), inflater: zlibInflater(), asyncThresholdBytes: 0 };
    const server = new TestMachine('server', {}, messageDeflate('server', {}, setup));
    server.receive(Opcode.Text, deflated(large), true, RSV1);
    expect(server.news()).toEqual([['text', large]]);
    expect(codec.size).toBe(0);
  });

  it('refers to earlier messages, and later ones to it', () => {
    const { server, codec } = start({}, { clientNoContextTakeover: false });
    const client = messageDeflate('client', { clientNoContextTakeover: false });
    const messages = ['a small one', large, 'a small one', large, large.slice(0, 50)];
    for (const text of messages) {
      const payload = client.deflate(utf8(text));
      server.receive(Opcode.Text, payload ?? text, true, payload === null ? 0 : RSV1);
    }
    codec.finishAll();
    expect(withoutHolds(server.news())).toEqual(messages.map((text) => ['text', text]));
  });

  it('may consist of several final blocks', () => {
    const { server, codec } = start();
    const final = (text: string) => new Uint8Array(deflateRawSync(text));
    server.receive(Opcode.Text, concat(final(large), final('and '), final(large), Uint8Array.of(0)), true, RSV1);
    codec.finishAll();
    expect(withoutHolds(server.news())).toEqual([['text', `${large}and ${large}`]]);
  });

  it.each([
    ['not UTF-8', deflated(new Uint8Array(200).fill(0xff)), '03ef'],
    ['cut off', deflated(large).slice(0, 10), '03ef'],
    ['more than is allowed', deflated('x'.repeat(1_001)), '03f1'],
  ])('that is %s closes the connection, and nothing after it is delivered', (_, payload, code) => {
    const { server, codec, receive } = start({ maxMessageBytes: 1_000 });
    server.receive(Opcode.Text, payload, true, RSV1);
    receive('after');
    codec.finishAll();
    expect(withoutHolds(server.news())).toEqual([['send', 'close', code], ['end']]);
    expect(server.happenings).toEqual([]);
  });

  it('that cannot be inflated for want of memory is no fault of the peer', () => {
    const cause = new RangeError('Array buffer allocation failed');
    const codec = new ManualCodec(zlibDeflater(), { inflate: () => ({ type: 'failed', cause }) });
    const { server } = start({}, {}, codec);
    server.receive(Opcode.Text, deflated(large.repeat(100)), true, RSV1);
    codec.finish();
    expect(withoutHolds(server.news())).toEqual([['send', 'close', '03f3'], ['end']]);
    server.machine.eof();
    expect(server.news()).toMatchObject([['closed', { error: { code: 'INTERNAL', cause } }]]);
  });

  it('has the limit of the connection', () => {
    const asked: number[] = [];
    const codec = new ManualCodec();
    const { inflateAside } = codec.inflater;
    codec.inflater.inflateAside = (bytes, history, maxBytes, done) => {
      asked.push(maxBytes);
      return (inflateAside as NonNullable<typeof inflateAside>)(bytes, history, maxBytes, done);
    };
    const { receive } = start({}, {}, codec);
    receive(large);
    expect(asked).toEqual([connectionLimits.maxMessageBytes]);
  });
});
