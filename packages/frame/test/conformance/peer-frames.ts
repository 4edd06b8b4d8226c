import type { Role } from '../../src/connection-options.ts';
import { type Payload, payloadBytes } from './payload.ts';
import type { PeerFrame, Rule } from './rule.ts';

type More = Omit<PeerFrame, 'opcode' | 'payload'>;

export const text = (payload: Payload, more: More = {}): PeerFrame => ({ opcode: 1, payload, ...more });
export const binary = (payload: Payload, more: More = {}): PeerFrame => ({ opcode: 2, payload, ...more });
export const ping = (payload: Payload = '', more: More = {}): PeerFrame => ({ opcode: 9, payload, ...more });
export const pong = (payload: Payload = '', more: More = {}): PeerFrame => ({ opcode: 10, payload, ...more });

/** The beginning of a message that goes on. */
export const textBegins = (payload: Payload): PeerFrame => text(payload, { fin: false });
export const binaryBegins = (payload: Payload): PeerFrame => binary(payload, { fin: false });
/** A part of a message that goes on, and the last part of one. */
export const goesOn = (payload: Payload, more: More = {}): PeerFrame => ({ opcode: 0, payload, fin: false, ...more });
export const ends = (payload: Payload, more: More = {}): PeerFrame => ({ opcode: 0, payload, ...more });

/** A Close frame with a code and a reason, or an empty one. */
export function close(code?: number, reason: Payload = ''): PeerFrame {
  return { opcode: 8, payload: code === undefined ? '' : closePayload(code, reason) };
}

export function closePayload(code: number | null, reason: Payload): Uint8Array {
  if (code === null) return new Uint8Array(0);
  return Buffer.concat([Buffer.from([code >>> 8, code & 0xff]), payloadBytes(reason)]);
}

/** The header of `frame` as the peer of `role` sends it. Written out here: the code under test must not check itself. */
function encodeHeader(frame: PeerFrame, role: Role): { header: Buffer; maskKey: number | null } {
  const { opcode, fin = true, rsv = 0, payload = '', maskKey = 0x01020304, wronglyMasked = false } = frame;
  const length = frame.announcedBytes ?? BigInt(payloadBytes(payload).length);
  const lengthBytes = frame.lengthBytes ?? (length < 126n ? 0 : length < 65_536n ? 2 : 8);
  const masked = (role === 'server') !== wronglyMasked;
  const header = Buffer.alloc(2 + lengthBytes + (masked ? 4 : 0));
  header[0] = (fin ? 0x80 : 0) | (rsv << 4) | opcode;
  header[1] = (masked ? 0x80 : 0) | (lengthBytes === 0 ? Number(length) : lengthBytes === 2 ? 126 : 127);
  if (lengthBytes === 2) header.writeUInt16BE(Number(length), 2);
  if (lengthBytes === 8) header.writeBigUInt64BE(length, 2);
  if (masked) header.writeUInt32LE(maskKey, 2 + lengthBytes);
  return { header, maskKey: masked ? maskKey : null };
}

/** `frame` as the peer of `role` sends it. */
export function encodePeerFrame(frame: PeerFrame, role: Role): Buffer {
  const { header, maskKey } = encodeHeader(frame, role);
  const payload = payloadBytes(frame.payload ?? '');
  if (maskKey !== null && maskKey !== 0) {
    const key = Buffer.alloc(4);
    key.writeUInt32LE(maskKey);
    mask(payload, key);
  }
  return Buffer.concat([header, payload]);
}

/** Large payloads four bytes at a time, or the tests would take longer to mask than to test. */
function mask(payload: Buffer, key: Buffer): void {
  const words = payload.byteOffset % 4 === 0 ? Math.floor(payload.length / 4) : 0;
  const wide = words === 0 ? new Uint32Array(0) : new Uint32Array(payload.buffer, payload.byteOffset, words);
  const [wideKey = 0] = new Uint32Array(Uint8Array.from(key).buffer);
  for (let at = 0; at < words; at++) wide[at] = (wide[at] as number) ^ wideKey;
  for (let at = words * 4; at < payload.length; at++) payload[at] = (payload[at] as number) ^ (key[at & 3] as number);
}

/** How many bytes of the input the endpoint must have read to fail, and `null` where only the end of it counts. */
export function bytesUntilFailure(rule: Rule, role: Role): number | null {
  if (rule.end.type !== 'failed' || rule.end.at === undefined) return null;
  const { frame, payloadByte } = rule.end.at;
  const before = rule.input.slice(0, frame).reduce((sum, each) => sum + encodePeerFrame(each, role).length, 0);
  const within = encodeHeader(rule.input[frame] as PeerFrame, role).header.length;
  return before + within + (payloadByte === undefined ? 0 : payloadByte + 1);
}
