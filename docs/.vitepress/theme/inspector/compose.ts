import { applyMask, createClose, headerBytes, Opcode, platformText, writeHeader } from '@typewire/frame';

export type MessageKind = 'text' | 'binary' | 'ping' | 'pong' | 'close';

/** What the reader of the page wants to see on the wire. */
export interface Draft {
  readonly kind: MessageKind;
  readonly payload: Uint8Array;
  /** The four bytes of the masking key, as a client has one; `null` for a server. */
  readonly maskKey: Uint8Array | null;
  /** Frames to cut the message into. Control frames are never cut. */
  readonly fragments: number;
}

const opcodes: Record<MessageKind, Opcode> = {
  text: Opcode.Text,
  binary: Opcode.Binary,
  ping: Opcode.Ping,
  pong: Opcode.Pong,
  close: Opcode.Close,
};

/** The frames of a message as our codec writes them. */
export function compose({ kind, payload, maskKey, fragments }: Draft): Uint8Array<ArrayBuffer> {
  const opcode = opcodes[kind];
  const count = opcode >= Opcode.Close ? 1 : Math.max(1, Math.min(fragments, payload.length || 1));
  const size = Math.ceil(payload.length / count);
  const frames = Array.from({ length: count }, (_, index) =>
    writeFrame(
      index === 0 ? opcode : Opcode.Continuation,
      index === count - 1,
      payload.subarray(index * size, (index + 1) * size),
      maskKey,
    ),
  );
  return concat(frames);
}

function writeFrame(opcode: Opcode, fin: boolean, payload: Uint8Array, maskKey: Uint8Array | null): Uint8Array {
  const frame = new Uint8Array(headerBytes(payload.length, maskKey !== null) + payload.length);
  // The codec has keys as integers whose lowest byte is applied first.
  const key = maskKey === null ? null : new DataView(maskKey.buffer, maskKey.byteOffset, 4).getInt32(0, true);
  const start = writeHeader(frame, 0, opcode, fin, payload.length, key);
  frame.set(payload, start);
  if (key !== null) applyMask(frame, start, frame.length, key, 0);
  return frame;
}

/** The payload of a Close frame. @throws {UsageError} for a code that must not be sent */
export function closePayload(code: number, reason: string): Uint8Array {
  const close = createClose(code, reason);
  const text = encodeText(close.reason);
  const payload = new Uint8Array(2 + text.length);
  new DataView(payload.buffer).setUint16(0, code);
  payload.set(text, 2);
  return payload;
}

export function encodeText(text: string): Uint8Array {
  const target = new Uint8Array(text.length * 3);
  return target.subarray(0, platformText.write(text, target, 0));
}

function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
