import { fc, test } from '@fast-check/vitest';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Assembler, type MessageLimits } from '../src/assembler.ts';
import { FrameDecoder } from '../src/decoder.ts';
import { allocateZeroed } from '../src/growing-buffer.ts';
import { Opcode } from '../src/opcode.ts';
import { platformText } from '../src/text-ops.ts';
import { concat, cut, fromHex, utf8, wellFormed } from './bytes.ts';
import { frame } from './frames.ts';

const noLimits: MessageLimits = { maxMessageBytes: Number.POSITIVE_INFINITY, maxFragments: Number.POSITIVE_INFINITY };

function assemble(chunks: readonly Uint8Array[], limits: MessageLimits = noLimits): (string | Uint8Array)[] {
  const messages: (string | Uint8Array)[] = [];
  const take = (data: string | Uint8Array): void => void messages.push(data);
  const assembler = new Assembler(limits, { text: take, binary: take }, platformText, allocateZeroed);
  const decoder = new FrameDecoder({
    frameHeader: (header) => assembler.begin(header),
    framePayload: (...piece) => assembler.push(...piece),
  });
  for (const chunk of chunks) decoder.push(chunk);
  return messages;
}

/** The frames of one message, one for each part. */
function fragments(opcode: Opcode, parts: readonly Uint8Array[], maskKey?: number): Uint8Array {
  const mask = maskKey === undefined ? {} : { maskKey };
  return concat(
    ...parts.map((payload, index) =>
      frame({ opcode: index === 0 ? opcode : Opcode.Continuation, fin: index === parts.length - 1, payload, ...mask }),
    ),
  );
}

afterEach(() => void vi.restoreAllMocks());

describe('messages', () => {
  test.prop([
    fc.array(
      fc.oneof(
        fc.string({ unit: 'binary', maxLength: 300 }).map((text) => wellFormed(text)),
        fc.uint8Array({ maxLength: 300 }),
      ),
      { maxLength: 5 },
    ),
    fc.array(fc.nat(80), { maxLength: 10 }),
    fc.array(fc.integer({ min: 1, max: 90 })),
    fc.option(fc.integer(), { nil: undefined }),
  ])('are the same however they are fragmented and cut', (messages, fragmentLengths, chunkLengths, maskKey) => {
    const bytes = messages.map((message) => {
      const payload = typeof message === 'string' ? utf8(message) : message;
      const parts = cut(payload, fragmentLengths);
      const opcode = typeof message === 'string' ? Opcode.Text : Opcode.Binary;
      return fragments(opcode, parts.length === 0 ? [payload] : parts, maskKey);
    });
    expect(assemble(cut(concat(...bytes), chunkLengths))).toEqual(messages);
  });

  it('own their memory, and no more than that', () => {
    const chunk = frame({ opcode: Opcode.Binary, payload: utf8('whole') });
    const pieces = cut(fragments(Opcode.Binary, [utf8('in p'), utf8(''), utf8('ieces')]), [3]);
    const messages = assemble([chunk, ...pieces]);
    chunk.fill(0);
    expect(messages).toEqual([utf8('whole'), utf8('in pieces')]);
    for (const message of messages as Uint8Array[]) expect(message.buffer.byteLength).toBe(message.length);
  });

  it('may consist of empty frames only', () => {
    expect(assemble([fragments(Opcode.Text, [utf8(''), utf8(''), utf8('')])])).toEqual(['']);
  });
});

describe('order of frames', () => {
  it('refuses a continuation without a beginning', () => {
    expect(() => assemble([frame({ opcode: Opcode.Continuation })])).toThrow(
      expect.objectContaining({ code: 'UNEXPECTED_CONTINUATION' }),
    );
  });

  it('refuses a continuation after a complete message', () => {
    const bytes = concat(frame({ opcode: Opcode.Text }), frame({ opcode: Opcode.Continuation }));
    expect(() => assemble([bytes])).toThrow(expect.objectContaining({ code: 'UNEXPECTED_CONTINUATION' }));
  });

  it('refuses a new message within another', () => {
    const bytes = concat(frame({ opcode: Opcode.Text, fin: false }), frame({ opcode: Opcode.Text }));
    expect(() => assemble([bytes])).toThrow(expect.objectContaining({ code: 'MESSAGE_INTERRUPTED' }));
  });
});

describe('limits', () => {
  it('refuses a frame on its header, before a byte of it arrived', () => {
    const limits = { ...noLimits, maxMessageBytes: 1_000 };
    for (const hex of ['82 7e 03e9', '82 7f 0000000080000000', '82 7f 001fffffffffffff']) {
      expect(() => assemble([fromHex(hex)], limits)).toThrow(expect.objectContaining({ code: 'PAYLOAD_TOO_BIG' }));
    }
    expect(assemble([fromHex('82 7e 03e8')], limits)).toEqual([]);
  });

  it('adds up the fragments, and refuses on the header that goes beyond', () => {
    const limits = { ...noLimits, maxMessageBytes: 10 };
    const start = frame({ opcode: Opcode.Binary, fin: false, payload: utf8('123456') });
    expect(assemble([start, fromHex('80 04')], limits)).toEqual([]);
    expect(() => assemble([start, fromHex('80 05')], limits)).toThrow(
      expect.objectContaining({ code: 'PAYLOAD_TOO_BIG' }),
    );
  });

  it('counts fragments, empty ones too', () => {
    const limits = { ...noLimits, maxFragments: 3 };
    const empty = utf8('');
    expect(assemble([fragments(Opcode.Text, [empty, empty, empty])], limits)).toEqual(['']);
    expect(() => assemble([fragments(Opcode.Text, [empty, empty, empty, empty])], limits)).toThrow(
      expect.objectContaining({ code: 'TOO_MANY_FRAGMENTS' }),
    );
  });

  it('begins to count anew with each message', () => {
    const limits = { maxFragments: 2, maxMessageBytes: 4 };
    const message = fragments(Opcode.Text, [utf8('ab'), utf8('cd')]);
    expect(assemble([message, message, message], limits)).toEqual(['abcd', 'abcd', 'abcd']);
  });
});

describe('text', () => {
  it('fails as soon as a byte is wrong, while the rest of the frame is on its way', () => {
    const payload = concat(utf8('x'.repeat(500)), fromHex('ff'), utf8('y'.repeat(500)));
    for (const maskKey of [undefined, 0x0badcafe]) {
      const bytes = fragments(Opcode.Text, [payload], maskKey);
      const badAt = bytes.length - 501;
      expect(assemble([bytes.slice(0, badAt)])).toEqual([]);
      expect(() => assemble([bytes.slice(0, badAt + 1)])).toThrow(expect.objectContaining({ code: 'INVALID_UTF8' }));
    }
  });

  it('fails when it ends within a code point', () => {
    expect(() => assemble([fragments(Opcode.Text, [utf8('a'), fromHex('e282')])])).toThrow(
      expect.objectContaining({ code: 'INVALID_UTF8' }),
    );
  });

  it('fails when ASCII follows half a code point, although ASCII needs no check of its own', () => {
    const masked = { maskKey: 0x11223344 };
    const bytes = concat(
      frame({ opcode: Opcode.Text, fin: false, payload: fromHex('e282'), ...masked }),
      frame({ opcode: Opcode.Continuation, payload: utf8('plain'), ...masked }),
    );
    expect(() => assemble([bytes])).toThrow(expect.objectContaining({ code: 'INVALID_UTF8' }));
  });

  it('may be cut within a code point by frames and chunks', () => {
    const text = '😀é€';
    const bytes = fragments(Opcode.Text, cut(utf8(text), [1, 1, 1, 2, 1]), 0x55aa55aa);
    expect(assemble(cut(bytes, new Array(bytes.length).fill(1)))).toEqual([text]);
  });

  it('is not checked when the message is binary', () => {
    expect(assemble([fragments(Opcode.Binary, [fromHex('ff'), fromHex('fe')])])).toEqual([fromHex('fffe')]);
  });
});

it('copies linearly, however many fragments and chunks a message has', () => {
  const set = vi.spyOn(Uint8Array.prototype, 'set');
  const copiedFor = (count: number): number => {
    const bytes = fragments(Opcode.Binary, new Array(count).fill(utf8('x')));
    const chunks = cut(bytes, new Array(bytes.length).fill(2));
    set.mockClear();
    assemble(chunks);
    return set.mock.calls.reduce((total, [source]) => total + (source as Uint8Array).length, 0);
  };
  expect(copiedFor(1_000)).toBeLessThan(5 * 1_000);
  expect(copiedFor(16_000)).toBeLessThan(5 * 16_000);
});
