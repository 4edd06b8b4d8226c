import { readFileSync } from 'node:fs';
import { fc, test } from '@fast-check/vitest';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { FrameDecoder } from '../src/decoder.ts';
import { Opcode } from '../src/opcode.ts';
import { concat, cut, fromHex, toHex, utf8 } from './bytes.ts';
import { type DecodedFrame, decodeFrames, frame } from './frames.ts';

interface Vector {
  readonly name: string;
  readonly hex?: string;
  readonly headHex?: string;
  readonly payloadLength?: number;
  readonly opcode?: Opcode;
  readonly protocol?: string;
  readonly frames?: readonly {
    readonly fin: boolean;
    readonly rsv: number;
    readonly opcode: Opcode;
    readonly masked: boolean;
    readonly payloadText?: string;
    readonly closeCode?: number;
    readonly closeReason?: string;
  }[];
}

const vectors: readonly Vector[] = JSON.parse(readFileSync(new URL('../vectors/frames.json', import.meta.url), 'utf8'));

/** Vectors that pin whole frames; the others are about compression or another protocol. */
const framed = vectors.flatMap((vector): { name: string; bytes: Uint8Array; want: DecodedFrame[] }[] => {
  if (vector.headHex !== undefined) {
    const payload = new Uint8Array(vector.payloadLength ?? 0).map((_, index) => index);
    const opcode = vector.opcode ?? Opcode.Binary;
    const bytes = concat(fromHex(vector.headHex), payload);
    return [{ name: vector.name, bytes, want: [{ fin: true, rsv: 0, opcode, masked: false, payload }] }];
  }
  if (vector.frames === undefined || vector.hex === undefined) return [];
  const want = vector.frames.map(({ payloadText, closeCode, closeReason, ...header }) => ({
    ...header,
    payload:
      closeCode === undefined
        ? utf8(payloadText ?? '')
        : concat(new Uint8Array([closeCode >> 8, closeCode & 0xff]), utf8(closeReason ?? '')),
  }));
  return [{ name: vector.name, bytes: fromHex(vector.hex), want }];
});

const ping: DecodedFrame = { fin: true, rsv: 0, opcode: Opcode.Ping, masked: false, payload: new Uint8Array(0) };

/** Payloads as hex: comparing long arrays element by element takes seconds. */
function readable(frames: readonly DecodedFrame[]): unknown[] {
  return frames.map((decoded) => ({ ...decoded, payload: toHex(decoded.payload) }));
}

it('has vectors', () => {
  expect(framed.length).toBeGreaterThanOrEqual(8);
});

describe.each(framed)('$name', ({ bytes, want }) => {
  it('decodes the same however the network cuts or joins it', () => {
    const glued = concat(fromHex('8900'), bytes); // behind an empty ping, so the frame is not at offset 0
    // Every cut of a short vector; of a long one the cuts in and around the header and at the end.
    for (let at = 0; at <= glued.length; at++) {
      if (at > 40 && at < glued.length - 20) continue;
      expect(readable(decodeFrames(cut(glued, [at]))), `cut after byte ${at}`).toEqual(readable([ping, ...want]));
    }
  });

  it('decodes the same when each byte comes alone', () => {
    if (bytes.length > 1000) return;
    expect(readable(decodeFrames(cut(bytes, new Array(bytes.length).fill(1))))).toEqual(readable(want));
  });
});

const anyFrame = fc.record({
  opcode: fc.constantFrom(...Object.values(Opcode)),
  fin: fc.boolean(),
  payload: fc.oneof(
    { weight: 8, arbitrary: fc.uint8Array({ maxLength: 200 }) },
    { weight: 1, arbitrary: fc.nat(70_000).map((length) => new Uint8Array(length).fill(length)) },
  ),
  maskKey: fc.option(fc.integer(), { nil: undefined }),
});

test.prop([fc.array(anyFrame, { maxLength: 6 }), fc.array(fc.integer({ min: 1, max: 300 }), { maxLength: 60 })])(
  'decodes random frames in random chunks to what was encoded',
  (frames, lengths) => {
    const bytes = concat(
      ...frames.map(({ maskKey, ...rest }) => frame(maskKey === undefined ? rest : { ...rest, maskKey })),
    );
    const want = frames.map(({ opcode, fin, payload, maskKey }) => ({
      fin,
      rsv: 0,
      opcode,
      masked: maskKey !== undefined,
      payload,
    }));
    expect(readable(decodeFrames(cut(bytes, lengths)))).toEqual(readable(want));
  },
);

describe('FrameDecoder', () => {
  afterEach(() => void vi.restoreAllMocks());

  it('hands on a frame within one chunk from where it lies', () => {
    const chunk = concat(frame({ opcode: Opcode.Ping }), frame({ opcode: Opcode.Text, payload: utf8('Hi') }));
    const pieces: [Uint8Array, number, number][] = [];
    new FrameDecoder({
      frameHeader: () => {},
      framePayload: (bytes, start, end) => void pieces.push([bytes, start, end]),
    }).push(chunk);
    expect(pieces).toEqual([
      [chunk, 2, 2],
      [chunk, 4, 6],
    ]);
    expect(pieces[1]?.[0]).toBe(chunk);
  });

  it('copies no payload, and of headers at most what was cut', () => {
    const copies = vi.spyOn(Uint8Array.prototype, 'set');
    const bytes = frame({ opcode: Opcode.Binary, payload: new Uint8Array(70_000), maskKey: 7 });
    const chunks = cut(bytes, new Array(20_000).fill(3));
    copies.mockClear();
    let seenBytes = 0;
    const decoder = new FrameDecoder({
      frameHeader: () => {},
      framePayload: (_, start, end) => {
        seenBytes += end - start;
      },
    });
    for (const chunk of chunks) decoder.push(chunk);
    expect(seenBytes).toBe(70_000);
    expect(copies).not.toHaveBeenCalled();
  });

  it('discards everything after stop, even in the same chunk', () => {
    const opcodes: number[] = [];
    const decoder: FrameDecoder = new FrameDecoder({
      frameHeader: ({ opcode }) => void opcodes.push(opcode),
      framePayload: () => decoder.stop(),
    });
    decoder.push(concat(frame({ opcode: Opcode.Ping }), frame({ opcode: Opcode.Pong })));
    decoder.push(frame({ opcode: Opcode.Text }));
    expect(opcodes).toEqual([Opcode.Ping]);
    expect(decoder.midFrame).toBe(false);
  });

  it('knows whether the input ends within a frame', () => {
    const decoder = new FrameDecoder({ frameHeader: () => {}, framePayload: () => {} });
    const states = [...fromHex('8202 0000')].map((byte) => {
      decoder.push(new Uint8Array([byte]));
      return decoder.midFrame;
    });
    expect(states).toEqual([true, true, true, false]);
  });
});

it('leaves large payloads to the platform, if it brings something faster', () => {
  const wide: [number, number, number][] = [];
  const decoder = new FrameDecoder(
    { frameHeader: () => {}, framePayload: () => {} },
    (_, start, end, __, phase) => void wide.push([start, end, phase]),
  );
  const bytes = frame({ opcode: Opcode.Binary, payload: new Uint8Array(10_000), maskKey: 7 });
  decoder.push(bytes.slice(0, 5_000));
  decoder.push(bytes.slice(5_000));
  decoder.push(frame({ opcode: Opcode.Binary, payload: new Uint8Array(4_000), maskKey: 7 }));
  expect(wide).toEqual([
    [8, 5_000, 0],
    [0, 5_008, 4_992],
  ]);
});
