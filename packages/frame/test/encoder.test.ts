import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { FrameEncoder } from '../src/encoder.ts';
import { Opcode } from '../src/opcode.ts';
import { platformText } from '../src/text-ops.ts';
import { toHex, utf8, wellFormed } from './bytes.ts';
import { decodeFrames } from './frames.ts';

const server = new FrameEncoder(platformText, null);
const client = new FrameEncoder(platformText, () => 0x3d21fa37);

/** What `write` put at `offset`, checked to have touched nothing before it. */
function written(room: number, offset: number, write: (target: Uint8Array) => number): Uint8Array {
  const target = new Uint8Array(offset + room).fill(0xee);
  const end = write(target);
  expect(target.subarray(0, offset).every((byte) => byte === 0xee)).toBe(true);
  return target.slice(offset, end);
}

describe('the examples of RFC 6455 §5.7', () => {
  it('writes an unmasked text message', () => {
    const bytes = written(server.maxTextBytes('Hello'), 0, (target) => server.writeText(target, 0, 'Hello'));
    expect(toHex(bytes)).toBe('810548656c6c6f');
  });

  it('writes a masked text message', () => {
    const bytes = written(client.maxTextBytes('Hello'), 3, (target) => client.writeText(target, 3, 'Hello'));
    expect(toHex(bytes)).toBe('818537fa213d7f9f4d5158');
  });

  it('writes a ping and its masked pong', () => {
    const ping = written(20, 0, (target) => server.writeBytes(target, 0, Opcode.Ping, utf8('Hello')));
    const pong = written(20, 0, (target) => client.writeBytes(target, 0, Opcode.Pong, utf8('Hello')));
    expect(toHex(ping)).toBe('890548656c6c6f');
    expect(toHex(pong)).toBe('8a8537fa213d7f9f4d5158');
  });
});

test.prop([
  fc.constantFrom(server, client),
  fc.oneof(
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc
      .tuple(fc.constantFrom('a', 'é', '€', '😀'), fc.integer({ min: 35, max: 130 }))
      .map(([unit, count]) => unit.repeat(count)),
    fc
      .tuple(fc.constantFrom('a', 'é', '€'), fc.constantFrom(21_845, 32_767, 32_768, 65_535, 65_536))
      .map(([unit, count]) => unit.repeat(count)),
  ),
  fc.nat(20),
])('writes any text at any offset within the room it asked for', (encoder, text, offset) => {
  const bytes = written(encoder.maxTextBytes(text), offset, (target) => encoder.writeText(target, offset, text));
  expect(encoder.textBytes(text)).toBe(bytes.length);
  const [frame] = decodeFrames([bytes]);
  expect(frame).toMatchObject({ fin: true, rsv: 0, opcode: Opcode.Text, masked: encoder.masks });
  expect(new TextDecoder('utf-8', { ignoreBOM: true }).decode(frame?.payload)).toBe(wellFormed(text));
});

test.prop([fc.constantFrom(server, client), fc.uint8Array({ maxLength: 300 }), fc.nat(20)])(
  'writes bytes and does not modify what it was given',
  (encoder, payload, offset) => {
    const before = payload.slice();
    const bytes = written(encoder.bytesBytes(payload.length), offset, (target) =>
      encoder.writeBytes(target, offset, Opcode.Binary, payload),
    );
    expect(bytes.length).toBe(encoder.bytesBytes(payload.length));
    expect(payload).toEqual(before);
    expect(decodeFrames([bytes])[0]?.payload).toEqual(before);
  },
);

it('masks each frame with a key of its own', () => {
  let key = 0;
  const encoder = new FrameEncoder(platformText, () => ++key);
  const target = new Uint8Array(40);
  const second = encoder.writeText(target, 0, 'a');
  const end = encoder.writeText(target, second, 'a');
  expect(toHex(target.subarray(0, end))).toBe('81810100000060' + '81810200000063');
});
