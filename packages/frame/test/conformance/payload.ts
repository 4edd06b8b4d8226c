/** Text, as UTF-8; bytes; or one piece again and again, so that large payloads exist only while they are looked at. */
export type Payload = string | Uint8Array | Repeated;

export interface Repeated {
  readonly piece: string;
  readonly count: number;
}

/** `piece` as often as fits into `bytes`. */
export function filled(bytes: number, piece = '*'): Repeated {
  return { piece, count: Math.floor(bytes / Buffer.byteLength(piece)) };
}

export function payloadBytes(payload: Payload): Buffer {
  if (typeof payload === 'string') return Buffer.from(payload);
  if (payload instanceof Uint8Array) return Buffer.from(payload);
  return Buffer.alloc(Buffer.byteLength(payload.piece) * payload.count, payload.piece);
}

/** Bytes written as hex, spaces as you like. */
export function hex(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));
}
