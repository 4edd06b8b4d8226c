import { FrameDecoder } from '../src/decoder.ts';
import { MAX_HEADER_BYTES, writeHeader } from '../src/header.ts';
import { applyMask } from '../src/mask.ts';
import type { Opcode } from '../src/opcode.ts';
import { concat } from './bytes.ts';

export interface TestFrame {
  readonly opcode: Opcode;
  readonly fin?: boolean;
  /** RSV1–RSV3, RSV1 the highest bit. */
  readonly rsv?: number;
  readonly payload?: Uint8Array;
  /** Masked with this key; not at all without. */
  readonly maskKey?: number;
}

/** The bytes of one frame, legal or not. */
export function frame({ opcode, fin = true, rsv = 0, payload = new Uint8Array(0), maskKey }: TestFrame): Uint8Array {
  const head = new Uint8Array(MAX_HEADER_BYTES);
  const headLength = writeHeader(head, 0, opcode, fin, payload.length, maskKey ?? null);
  head[0] = (head[0] as number) | (rsv << 4);
  const body = payload.slice();
  if (maskKey !== undefined) applyMask(body, 0, body.length, maskKey, 0);
  return concat(head.subarray(0, headLength), body);
}

export interface DecodedFrame {
  readonly fin: boolean;
  readonly rsv: number;
  readonly opcode: Opcode;
  readonly masked: boolean;
  readonly payload: Uint8Array;
}

/** Decodes chunks to whole frames; `ascii` hints are checked against the bytes on the way. */
export function decodeFrames(chunks: readonly Uint8Array[]): DecodedFrame[] {
  const frames: DecodedFrame[] = [];
  let header = { fin: false, rsv: 0, opcode: 0 as Opcode, masked: false };
  let payload = new Uint8Array(0);
  const decoder = new FrameDecoder({
    frameHeader({ fin, rsv, opcode, masked }) {
      header = { fin, rsv, opcode, masked };
      payload = new Uint8Array(0);
    },
    framePayload(bytes, start, end, ascii, last) {
      const piece = bytes.subarray(start, end);
      if (ascii && piece.some((byte) => byte >= 0x80)) throw new Error('called ASCII, but is not');
      payload = new Uint8Array(concat(payload, piece));
      if (last) frames.push({ ...header, payload });
    },
  });
  for (const chunk of chunks) decoder.push(chunk);
  return frames;
}
