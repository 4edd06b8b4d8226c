/** The parts of a frame, in the order in which they stand. */
export type FieldName = 'fin' | 'rsv' | 'opcode' | 'mask' | 'length' | 'key' | 'payload';

/** Bits that mean something together. */
export interface Field {
  readonly name: FieldName;
  readonly title: string;
  /** From the first bit of the frame, the highest of its first byte. */
  readonly firstBit: number;
  readonly bits: number;
  readonly value: string;
  readonly meaning: string;
}

export interface DissectedFrame {
  /** Where it begins, from the first byte of the input. */
  readonly start: number;
  readonly bytes: Uint8Array;
  readonly fields: readonly Field[];
  /** The payload without its mask. */
  readonly payload: Uint8Array;
  readonly payloadAt: number;
  /** Bytes of the frame that the input does not have. */
  readonly missing: number;
}

const opcodeNames: Record<number, string> = {
  0: 'continuation: the message of the frame before goes on',
  1: 'text: the payload is UTF-8',
  2: 'binary: the payload is bytes',
  8: 'close: a code in two bytes, and a reason',
  9: 'ping: the other end answers with a pong of the same payload',
  10: 'pong: the answer to a ping',
};

/**
 * Takes bytes apart without judging them, so that a frame that breaks a rule can be looked at as well. What the rules say
 * is {@link judge}'s business. RFC 6455 §5.2.
 */
export function dissect(input: Uint8Array): DissectedFrame[] {
  const frames: DissectedFrame[] = [];
  for (let at = 0; at < input.length; ) {
    const frame = dissectFrame(input, at);
    frames.push(frame);
    at += frame.bytes.length;
  }
  return frames;
}

function dissectFrame(input: Uint8Array, start: number): DissectedFrame {
  const byte = (at: number): number => input[start + at] ?? 0;
  const first = byte(0);
  const second = byte(1);
  const masked = second >= 0x80;
  const short = second & 0x7f;
  const extra = short < 126 ? 0 : short === 126 ? 2 : 8;
  const keyAt = 2 + extra;
  const payloadAt = keyAt + (masked ? 4 : 0);
  const length = extra === 0 ? BigInt(short) : readBig(input, start + 2, extra);
  const available = Math.max(0, input.length - start - payloadAt);
  const present = length > BigInt(available) ? available : Number(length);
  const bytes = input.subarray(start, Math.min(input.length, start + payloadAt + present));
  const payload = unmask(bytes.slice(payloadAt), masked ? bytes.slice(keyAt, keyAt + 4) : null);
  const missing = input.length - start < payloadAt ? payloadAt - (input.length - start) : Number(length) - present;
  return {
    start,
    bytes,
    payload,
    payloadAt,
    missing,
    fields: describe({ first, masked, short, extra, length, keyAt, payloadAt, bytes }),
  };
}

interface Parts {
  readonly first: number;
  readonly masked: boolean;
  readonly short: number;
  readonly extra: number;
  readonly length: bigint;
  readonly keyAt: number;
  readonly payloadAt: number;
  readonly bytes: Uint8Array;
}

function describe({ first, masked, short, extra, length, keyAt, payloadAt, bytes }: Parts): Field[] {
  const fin = first >= 0x80;
  const rsv = (first >> 4) & 0b111;
  const opcode = first & 0x0f;
  const fields: Field[] = [
    field('fin', 'FIN', 0, 1, fin ? '1' : '0', fin ? 'the message ends with this frame' : 'more frames of it follow'),
    field(
      'rsv',
      'RSV1–3',
      1,
      3,
      rsv.toString(2).padStart(3, '0'),
      rsv === 0 ? 'no extension in use' : 'reserved for extensions',
    ),
    field('opcode', 'Opcode', 4, 4, `0x${opcode.toString(16)}`, opcodeNames[opcode] ?? 'reserved'),
  ];
  if (bytes.length > 1) {
    fields.push(
      field(
        'mask',
        'MASK',
        8,
        1,
        masked ? '1' : '0',
        masked ? 'masked, as a client must' : 'not masked, as a server must',
      ),
      field('length', 'Length', 9, 7, String(short), lengthMeaning(short)),
    );
  }
  if (extra > 0 && bytes.length >= keyAt) {
    fields.push(
      field('length', 'Extended length', 16, extra * 8, String(length), 'bytes of payload, highest byte first'),
    );
  }
  if (masked && bytes.length >= payloadAt) {
    const key = Array.from(bytes.subarray(keyAt, payloadAt), (byte) => byte.toString(16).padStart(2, '0')).join(' ');
    fields.push(
      field('key', 'Masking key', keyAt * 8, 32, key, 'the payload is XORed with these bytes, over and over'),
    );
  }
  const payloadBits = (bytes.length - payloadAt) * 8;
  if (payloadBits > 0) {
    const value = `${bytes.length - payloadAt} bytes`;
    fields.push(field('payload', 'Payload', payloadAt * 8, payloadBits, value, masked ? 'masked' : 'as it is'));
  }
  return fields;
}

function field(name: FieldName, title: string, firstBit: number, bits: number, value: string, meaning: string): Field {
  return { name, title, firstBit, bits, value, meaning };
}

function lengthMeaning(short: number): string {
  if (short === 126) return '126: the length stands in the next 2 bytes';
  if (short === 127) return '127: the length stands in the next 8 bytes';
  return short === 1 ? 'byte of payload' : 'bytes of payload';
}

function readBig(input: Uint8Array, at: number, bytes: number): bigint {
  let value = 0n;
  for (let index = 0; index < bytes; index++) value = (value << 8n) | BigInt(input[at + index] ?? 0);
  return value;
}

function unmask(payload: Uint8Array, key: Uint8Array | null): Uint8Array {
  return key === null ? payload : payload.map((byte, at) => byte ^ (key[at & 3] ?? 0));
}
