import { describe, expect, it } from 'vitest';
import type { FrameOutput } from '../../src/connection-options.ts';
import { DeflatingOutput } from '../../src/deflate/deflating-output.ts';
import { allocateZeroed } from '../../src/growing-buffer.ts';
import { MAX_HEADER_BYTES } from '../../src/header.ts';
import { Opcode } from '../../src/opcode.ts';
import { platformText } from '../../src/text-ops.ts';
import { utf8 } from '../bytes.ts';
import { ManualCodec } from './manual-codec.ts';
import { messageDeflate } from './zlib-codec.ts';

const large = 'a large message '.repeat(20);

/** An output that compresses messages of 100 bytes and more when the test says so, and what left it. */
function start(agreed = {}) {
  const codec = new ManualCodec();
  const sent: string[] = [];
  const sizes: number[] = [];
  const inner: FrameOutput = {
    text: (text) => void sent.push(text),
    bytes(opcode, payload, compressed = false) {
      sizes.push(payload.length);
      sent.push(compressed ? `deflated ${opcode}` : `${opcode} ${new TextDecoder().decode(payload)}`);
    },
    blocked: false,
  };
  const told: unknown[] = [];
  const { deflater, inflater } = codec;
  const output = new DeflatingOutput(inner, {
    deflate: messageDeflate('server', agreed, { deflater, inflater, thresholdBytes: 50, asyncThresholdBytes: 100 }),
    text: platformText,
    allocate: allocateZeroed,
    maxCopiedBytes: 10,
    onIdle: () => told.push('idle'),
    onFailure: (cause) => told.push(cause),
  });
  return { output, codec, sent, sizes, told, inner };
}

describe('while a large message is compressed', () => {
  it('what is sent after it waits, in its order', () => {
    const { output, codec, sent, told } = start();
    output.text('before');
    output.text(large);
    output.text('after');
    output.bytes(Opcode.Binary, utf8('bytes'));
    output.bytes(Opcode.Ping, utf8('ping'));
    output.text('x'.repeat(60));
    output.bytes(Opcode.Close, utf8('close'));
    expect(sent).toEqual(['before']);
    expect(output.busy).toBe(true);
    codec.finish();
    expect(sent).toEqual(['before', 'deflated 1', 'after', '2 bytes', '9 ping', 'deflated 1', '8 close']);
    expect(output.busy).toBe(false);
    expect(told).toEqual(['idle']);
  });

  it('a pong goes ahead', () => {
    const { output, codec, sent } = start();
    output.text(large);
    output.bytes(Opcode.Pong, utf8('alive'));
    expect(sent).toEqual(['10 alive']);
    codec.finish();
    expect(sent).toEqual(['10 alive', 'deflated 1']);
  });

  it('another large one waits for it, and is not begun before', () => {
    const { output, codec, sent, told } = start();
    for (const text of [large, 'between', large, 'end']) output.text(text);
    expect(codec.size).toBe(1);
    codec.finish();
    expect(sent).toEqual(['deflated 1', 'between']);
    expect(codec.size).toBe(1);
    expect(told).toEqual([]);
    codec.finish();
    expect(sent).toEqual(['deflated 1', 'between', 'deflated 1', 'end']);
    expect(told).toEqual(['idle']);
  });

  it('what waits is counted, before it is compressed', () => {
    const { output, codec } = start();
    output.text('a');
    expect(output.waitingBytes).toBe(0);
    output.text(large);
    expect(output.waitingBytes).toBe(large.length + MAX_HEADER_BYTES);
    output.text('äh');
    output.bytes(Opcode.Binary, new Uint8Array(7));
    expect(output.waitingBytes).toBe(large.length + 3 + 7 + 3 * MAX_HEADER_BYTES);
    codec.finish();
    expect(output.waitingBytes).toBe(0);
  });

  it('short bytes may be changed by whom they belong to, and long ones are not copied', () => {
    const { output, codec, sent } = start();
    output.text(large);
    const [short, long] = [utf8('short'), utf8('this is long')];
    output.bytes(Opcode.Binary, short);
    output.bytes(Opcode.Binary, long);
    short.fill(0x78);
    long.fill(0x79);
    codec.finish();
    expect(sent).toEqual(['deflated 1', '2 short', `2 ${'y'.repeat(12)}`]);
  });

  it('what is sent by whom is told of something that leaves comes last', () => {
    const { output, codec, sent, inner } = start();
    const text = inner.text.bind(inner);
    inner.text = (message) => {
      text(message);
      if (message === 'first') output.text('in answer');
    };
    for (const message of [large, 'first', 'second']) output.text(message);
    codec.finish();
    expect(sent).toEqual(['deflated 1', 'first', 'second', 'in answer']);
  });

  it('giving up sends nothing more, and nothing is under way', () => {
    const { output, codec, sent, told } = start();
    for (const text of [large, 'after', large]) output.text(text);
    output.clear();
    output.clear();
    expect([codec.size, codec.cancelled, output.waitingBytes, output.busy]).toEqual([0, 1, 0, false]);
    expect([sent, told]).toEqual([[], []]);
  });

  it('giving up in answer to what leaves does the same', () => {
    const { output, codec, sent, inner, told } = start();
    const text = inner.text.bind(inner);
    inner.text = (message) => {
      text(message);
      output.clear();
    };
    for (const message of [large, 'first', 'second', large]) output.text(message);
    codec.finishAll();
    expect(sent).toEqual(['deflated 1', 'first']);
    expect([codec.size, output.waitingBytes, output.busy, told]).toEqual([0, 0, false, []]);
  });

  it('what cannot be sent is told, and ends the waiting', () => {
    const { output, codec, inner, told, sent } = start();
    const failure = new RangeError('Array buffer allocation failed');
    inner.text = () => {
      throw failure;
    };
    for (const message of [large, 'after', large]) output.text(message);
    codec.finishAll();
    expect(told).toEqual([failure]);
    expect(sent).toEqual(['deflated 1']);
    expect([output.waitingBytes, output.busy]).toEqual([0, false]);
  });

  it('another step has its place among the messages', () => {
    const { output, codec, sent } = start();
    const step = (name: string) => ({
      bytes: 5,
      run: () => {
        sent.push(name);
        return null;
      },
    });
    output.step(step('at once'));
    output.text(large);
    output.step(step('end'));
    expect(output.waitingBytes).toBe(large.length + MAX_HEADER_BYTES + 5);
    expect(sent).toEqual(['at once']);
    codec.finish();
    expect(sent).toEqual(['at once', 'deflated 1', 'end']);
  });
});

it('sends a large message plain where it would not be shorter, or could not be compressed', () => {
  const noise = Uint8Array.from({ length: 200 }, (_, at) => (at * 7919) % 251);
  const { output, codec, sizes } = start();
  output.bytes(Opcode.Binary, noise);
  codec.finish();
  expect(sizes).toEqual([200]);
  const failing = start();
  failing.codec.deflater.deflateAside = (_bytes, _history, done) => {
    queueMicrotask(() => done(null));
    return () => {};
  };
  failing.output.text(large);
  return Promise.resolve().then(() => expect(failing.sizes).toEqual([large.length]));
});

it('refers to what was sent before, whether it was large or not', () => {
  const { output, codec, sizes } = start({ serverNoContextTakeover: false });
  for (const text of [large, large, large.slice(0, 90), large]) output.text(text);
  codec.finishAll();
  const [first = 0, ...others] = sizes;
  expect(others).toHaveLength(3);
  for (const bytes of others) expect(bytes).toBeLessThan(first);
});
