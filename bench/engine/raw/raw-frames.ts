import { randomBytes } from 'node:crypto';

/** Clients mask, servers do not. */
export type Direction = 'masked' | 'unmasked';

/** One frame, made without any of the engines under comparison. */
export function frameOf(opcode: number, payload: Uint8Array, direction: Direction): Buffer {
  if (direction === 'unmasked') return Buffer.concat([header(opcode, payload.length, 0), payload]);
  const key = randomBytes(4);
  const masked = Buffer.from(payload.map((byte, index) => byte ^ (key[index & 3] as number)));
  return Buffer.concat([header(opcode, payload.length, 0x80), key, masked]);
}

/** Length of the same frame as a server sends it, unmasked. */
export function serverFrameBytes(payloadBytes: number): number {
  return header(0, payloadBytes, 0).length + payloadBytes;
}

function header(opcode: number, payloadBytes: number, maskBit: number): Buffer {
  if (payloadBytes < 126) return Buffer.from([0x80 | opcode, maskBit | payloadBytes]);
  if (payloadBytes < 65_536) {
    return Buffer.from([0x80 | opcode, maskBit | 126, payloadBytes >> 8, payloadBytes & 0xff]);
  }
  const long = Buffer.alloc(10);
  long[0] = 0x80 | opcode;
  long[1] = maskBit | 127;
  long.writeBigUInt64BE(BigInt(payloadBytes), 2);
  return long;
}
