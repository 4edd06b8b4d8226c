import { headerBytes, MAX_HEADER_BYTES, writeHeader } from './header.ts';
import { applyMask } from './mask.ts';
import { Opcode } from './opcode.ts';
import type { TextOps } from './text-ops.ts';

/**
 * Returns a fresh masking key as a 32-bit integer. It must be unpredictable (§5.3): whoever guesses it can
 * make a client write chosen bytes onto the wire.
 */
export type CreateMaskKey = () => number;

/**
 * Writes frames straight into a given buffer, so that a driver can put all frames of one tick into one
 * buffer and write once. Keeps nothing between calls: one encoder serves all connections of a role.
 */
export class FrameEncoder {
  readonly #text: TextOps;
  readonly #createMaskKey: CreateMaskKey | null;

  /** `createMaskKey` is `null` for servers, whose frames must not be masked. §5.1 */
  constructor(text: TextOps, createMaskKey: CreateMaskKey | null) {
    this.#text = text;
    this.#createMaskKey = createMaskKey;
  }

  /** Whether frames must be masked, each with its own key. */
  get masks(): boolean {
    return this.#createMaskKey !== null;
  }

  /** Room that {@link writeText} may need, without looking at the text. */
  maxTextBytes(text: string): number {
    return text.length * 3 + MAX_HEADER_BYTES;
  }

  /** Room that {@link writeText} will use; costs a walk over the text. */
  textBytes(text: string): number {
    const payloadBytes = this.#text.byteLength(text);
    return payloadBytes + headerBytes(payloadBytes, this.masks);
  }

  /** Room that {@link writeBytes} will use for so many bytes of payload. */
  bytesBytes(payloadBytes: number): number {
    return payloadBytes + headerBytes(payloadBytes, this.masks);
  }

  /**
   * Writes `text` as one frame at `offset` and returns where the frame ends. There must be room for
   * {@link maxTextBytes}, or for {@link textBytes} where that is known.
   */
  writeText(target: Uint8Array, offset: number, text: string): number {
    // The header comes first but its size depends on the length in UTF-8. Most text is ASCII, and then one
    // unit is one byte: guess that, and move the payload in the rare case where the header grows.
    const guessed = headerBytes(text.length, this.masks);
    const payloadBytes = this.#text.write(text, target, offset + guessed);
    const needed = headerBytes(payloadBytes, this.masks);
    if (needed !== guessed) {
      target.copyWithin(offset + needed, offset + guessed, offset + guessed + payloadBytes);
    }
    return this.#finish(target, offset, Opcode.Text, payloadBytes);
  }

  /**
   * Copies `payload` as one frame to `offset` and returns where the frame ends. `payload` is not modified; `compressed`
   * marks it as a compressed message.
   */
  writeBytes(target: Uint8Array, offset: number, opcode: Opcode, payload: Uint8Array, compressed = false): number {
    target.set(payload, offset + headerBytes(payload.length, this.masks));
    const end = this.#finish(target, offset, opcode, payload.length);
    if (compressed) markCompressed(target, offset);
    return end;
  }

  /** Writes the header of an unmasked frame whose payload the caller sends from where it is. */
  writeUnmaskedHeader(
    target: Uint8Array,
    offset: number,
    opcode: Opcode,
    payloadBytes: number,
    compressed = false,
  ): number {
    const end = writeHeader(target, offset, opcode, true, payloadBytes, null);
    if (compressed) markCompressed(target, offset);
    return end;
  }

  #finish(target: Uint8Array, offset: number, opcode: Opcode, payloadBytes: number): number {
    const maskKey = this.#createMaskKey === null ? null : this.#createMaskKey();
    const start = writeHeader(target, offset, opcode, true, payloadBytes, maskKey);
    const end = start + payloadBytes;
    if (maskKey !== null) applyMask(target, start, end, maskKey, 0);
    return end;
  }
}

// RFC 7692 §6: RSV1 of its first frame tells that a message is compressed.
function markCompressed(target: Uint8Array, offset: number): void {
  target[offset] = (target[offset] as number) | 0x40;
}
