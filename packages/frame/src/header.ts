import { FrameError } from './errors.ts';
import { isOpcode, type Opcode } from './opcode.ts';

/** Longest header: 2 bytes, a 64-bit length and the masking key. */
export const MAX_HEADER_BYTES = 14;

/** A frame's header. The decoder reuses one object for all frames: copy what must outlive the call. */
export interface FrameHeader {
  fin: boolean;
  /** RSV1–RSV3 as a number from 0 to 7, RSV1 the highest bit. */
  rsv: number;
  opcode: Opcode;
  masked: boolean;
  /** The masking key as an integer whose lowest byte is applied first; 0 when not masked. */
  maskKey: number;
  payloadBytes: number;
}

/** A header to read into. */
export function createHeader(): FrameHeader {
  return { fin: false, rsv: 0, opcode: 0, masked: false, maskKey: 0, payloadBytes: 0 };
}

/**
 * Reads the header that begins at `start` into `into` and returns its length, or 0 while it is incomplete.
 * Masking direction, RSV bits and the order of frames need connection state and are checked by
 * `ConnectionMachine`. RFC 6455 §5.2.
 *
 * @throws {FrameError} `UNKNOWN_OPCODE`, `NON_MINIMAL_LENGTH` or `PAYLOAD_TOO_BIG`.
 */
export function readHeader(bytes: Uint8Array, start: number, end: number, into: FrameHeader): number {
  if (end - start < 2) return 0;
  const first = bytes[start] as number;
  const second = bytes[start + 1] as number;
  const opcode = first & 0x0f;
  if (!isOpcode(opcode)) throw new FrameError('UNKNOWN_OPCODE', `opcode ${opcode} is reserved`);

  let at = start + 2;
  let payloadBytes = second & 0x7f;
  const masked = second >= 0x80;
  if (end - at < (masked ? 4 : 0) + (payloadBytes < 126 ? 0 : payloadBytes === 126 ? 2 : 8)) return 0;
  if (payloadBytes === 126) {
    payloadBytes = ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
    if (payloadBytes < 126) throw nonMinimal(payloadBytes);
    at += 2;
  } else if (payloadBytes === 127) {
    payloadBytes = readLength64(bytes, at);
    at += 8;
  }
  into.fin = first >= 0x80;
  into.rsv = (first >> 4) & 0b111;
  into.opcode = opcode;
  into.masked = masked;
  into.maskKey = masked ? readUint32LittleEndian(bytes, at) | 0 : 0;
  into.payloadBytes = payloadBytes;
  return at + (masked ? 4 : 0) - start;
}

/** Bytes that {@link writeHeader} needs. */
export function headerBytes(payloadBytes: number, masked: boolean): number {
  return (payloadBytes < 126 ? 2 : payloadBytes < 65_536 ? 4 : 10) + (masked ? 4 : 0);
}

/**
 * Writes a header at `offset` and returns where the payload begins. `maskKey` is `null` for a server's
 * frames; masking the payload is the caller's work.
 */
export function writeHeader(
  target: Uint8Array,
  offset: number,
  opcode: Opcode,
  fin: boolean,
  payloadBytes: number,
  maskKey: number | null,
): number {
  const maskBit = maskKey === null ? 0 : 0x80;
  target[offset] = (fin ? 0x80 : 0) | opcode;
  let at = offset + 2;
  if (payloadBytes < 126) {
    target[offset + 1] = maskBit | payloadBytes;
  } else if (payloadBytes < 65_536) {
    target[offset + 1] = maskBit | 126;
    target[at++] = payloadBytes >>> 8;
    target[at++] = payloadBytes;
  } else {
    target[offset + 1] = maskBit | 127;
    at = writeUint32(target, at, Math.floor(payloadBytes / 0x1_0000_0000));
    at = writeUint32(target, at, payloadBytes >>> 0);
  }
  if (maskKey === null) return at;
  target[at++] = maskKey;
  target[at++] = maskKey >>> 8;
  target[at++] = maskKey >>> 16;
  target[at++] = maskKey >>> 24;
  return at;
}

function readLength64(bytes: Uint8Array, at: number): number {
  const high = readUint32(bytes, at);
  // §5.2: the highest bit must be 0. Lengths above 2^53 - 1 lose their last digits in a number, so both are
  // refused before any arithmetic is done with them.
  if (high > 0x1f_ffff) throw new FrameError('PAYLOAD_TOO_BIG', 'the length is above 2^53 - 1');
  const length = high * 0x1_0000_0000 + readUint32(bytes, at + 4);
  if (length < 65_536) throw nonMinimal(length);
  return length;
}

function nonMinimal(length: number): FrameError {
  // §5.2: the minimal number of bytes must be used.
  return new FrameError('NON_MINIMAL_LENGTH', `the length ${length} is written in too many bytes`);
}

function readUint32(bytes: Uint8Array, at: number): number {
  return (
    (((bytes[at] as number) << 24) |
      ((bytes[at + 1] as number) << 16) |
      ((bytes[at + 2] as number) << 8) |
      (bytes[at + 3] as number)) >>>
    0
  );
}

function readUint32LittleEndian(bytes: Uint8Array, at: number): number {
  return (
    (bytes[at] as number) |
    ((bytes[at + 1] as number) << 8) |
    ((bytes[at + 2] as number) << 16) |
    ((bytes[at + 3] as number) << 24)
  );
}

function writeUint32(target: Uint8Array, at: number, value: number): number {
  target[at] = value >>> 24;
  target[at + 1] = value >>> 16;
  target[at + 2] = value >>> 8;
  target[at + 3] = value;
  return at + 4;
}
