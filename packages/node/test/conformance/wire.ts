import type { Socket } from 'node:net';
import type { Role } from '@typewire/frame';
import { encodePeerFrame } from '../../../frame/test/conformance/peer-frames.ts';
import type { Rule } from '../../../frame/test/conformance/rule.ts';

/** A frame as it was found on the wire. */
export interface WireFrame {
  readonly opcode: number;
  readonly payload: Buffer;
  readonly masked: boolean;
  /** FIN and the reserved bits as they were: `0x80` for every frame that we send. */
  readonly bits: number;
}

/** Reads frames one after the other, written out here: the decoder under test must not check itself. */
export function readFrames(bytes: Buffer): WireFrame[] {
  const frames: WireFrame[] = [];
  let at = 0;
  while (at < bytes.length) {
    const first = bytes.readUInt8(at);
    const second = bytes.readUInt8(at + 1);
    const masked = second >= 0x80;
    let length = second & 0x7f;
    const lengthBytes = length === 126 ? 2 : length === 127 ? 8 : 0;
    at += 2;
    if (lengthBytes === 2) length = bytes.readUInt16BE(at);
    if (lengthBytes === 8) length = Number(bytes.readBigUInt64BE(at));
    at += lengthBytes;
    const least = length < 126 ? 0 : length < 65_536 ? 2 : 8;
    if (least !== lengthBytes) throw new Error(`a length of ${length} in ${lengthBytes} bytes of its own`);
    const key = masked ? bytes.subarray(at, at + 4) : null;
    if (masked) at += 4;
    if (at + length > bytes.length) throw new Error('the last frame is not complete');
    const payload = Buffer.from(bytes.subarray(at, at + length));
    if (key !== null)
      for (let index = 0; index < length; index++) payload[index] = byte(payload, index) ^ byte(key, index & 3);
    frames.push({ opcode: first & 0x0f, payload, masked, bits: first & 0xf0 });
    at += length;
  }
  return frames;
}

function byte(bytes: Buffer, at: number): number {
  return bytes[at] as number;
}

/** The input of `rule` as the peer of `role` sends it. A rule that stays open is ended by the peer's Close frame. */
export function inputBytes(rule: Rule, role: Role): Buffer {
  const frames = rule.input.map((frame) => encodePeerFrame(frame, role));
  if (rule.end.type === 'open') frames.push(encodePeerFrame({ opcode: 8, payload: Buffer.from([0x03, 0xe8]) }, role));
  return Buffer.concat(frames);
}

/** Sends `bytes` in packets of `size`, each in a turn of its own, and stops when the peer is gone. */
export async function sendInPieces(socket: Socket, bytes: Buffer, size: number): Promise<void> {
  for (let at = 0; at < bytes.length && socket.writable; at += size) {
    socket.write(bytes.subarray(at, at + size));
    await new Promise((resolve) => setImmediate(resolve));
  }
}
