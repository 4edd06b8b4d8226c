import { FrameError } from '../errors.ts';
import { type Allocate, GrowingBuffer } from '../growing-buffer.ts';
import type { TextOps } from '../text-ops.ts';

const TEXT_TYPE = 0x00;
const END_OF_TEXT = 0xff;
const CLOSE_TYPE = 0xff;

/** What {@link Draft76Decoder} tells. */
export interface Draft76FrameSink {
  text(data: string): void;
  /** The peer's `FF 00`: nothing of it counts after that. */
  close(): void;
}

/**
 * Turns chunks of any size into the frames of §4.2 and §5.3: `00 … FF` is text, `FF 00` the closing handshake. All
 * other types are read over, as the draft has it. Lengths are limited while they are read: they are seven bits a byte,
 * as many as the peer likes.
 */
export class Draft76Decoder {
  readonly #sink: Draft76FrameSink;
  readonly #text: TextOps;
  readonly #maxMessageBytes: number;
  readonly #buffer: GrowingBuffer;
  #state: 'type' | 'text' | 'length' | 'skip' | 'stopped' = 'type';
  #type = 0;
  #seenBytes = 0;
  #length = 0;

  constructor(sink: Draft76FrameSink, text: TextOps, allocate: Allocate, maxMessageBytes: number) {
    this.#sink = sink;
    this.#text = text;
    this.#maxMessageBytes = maxMessageBytes;
    this.#buffer = new GrowingBuffer(allocate);
  }

  /** Whether the input so far ends within a frame. */
  get midFrame(): boolean {
    return this.#state !== 'type' && this.#state !== 'stopped';
  }

  /** Discards everything from here on. */
  stop(): void {
    this.#state = 'stopped';
    this.#buffer.clear();
  }

  /** @throws {FrameError} `PAYLOAD_TOO_BIG`; {@link stop} must follow. */
  push(chunk: Uint8Array): void {
    let at = 0;
    while (at < chunk.length) {
      switch (this.#state) {
        case 'type':
          this.#begin(chunk[at++] as number);
          break;
        case 'text':
          at = this.#readText(chunk, at);
          break;
        case 'length':
          this.#readLength(chunk[at++] as number);
          break;
        case 'skip': {
          const end = Math.min(chunk.length, at + this.#length);
          this.#length -= end - at;
          at = end;
          if (this.#length === 0) this.#state = 'type';
          break;
        }
        case 'stopped':
          return;
      }
    }
  }

  #begin(type: number): void {
    this.#type = type;
    this.#seenBytes = 0;
    this.#length = 0;
    this.#state = type < 0x80 ? 'text' : 'length';
  }

  #readText(chunk: Uint8Array, start: number): number {
    const found = chunk.indexOf(END_OF_TEXT, start);
    const end = found === -1 ? chunk.length : found;
    this.#seenBytes += end - start;
    if (this.#seenBytes > this.#maxMessageBytes) throw this.#tooBig();
    if (this.#type === TEXT_TYPE) this.#buffer.append(chunk, start, end, this.#seenBytes, found !== -1);
    if (found === -1) return end;
    this.#state = 'type';
    if (this.#type === TEXT_TYPE) {
      // §4.2: what is not UTF-8 is replaced by U+FFFD, not refused.
      const data = this.#text.decode(this.#buffer.peek(), 0, this.#buffer.length, false);
      this.#buffer.clear();
      this.#sink.text(data);
    }
    return found + 1;
  }

  #readLength(byte: number): void {
    this.#length = this.#length * 128 + (byte & 0x7f);
    // A peer may also lengthen it with zeros for ever: the bytes themselves are counted, too.
    if (this.#length > this.#maxMessageBytes || ++this.#seenBytes > 8) throw this.#tooBig();
    if (byte >= 0x80) return;
    if (this.#type === CLOSE_TYPE && this.#length === 0) {
      this.stop();
      this.#sink.close();
    } else this.#state = this.#length === 0 ? 'type' : 'skip';
  }

  #tooBig(): FrameError {
    return new FrameError('PAYLOAD_TOO_BIG', `the frame is longer than maxMessageBytes (${this.#maxMessageBytes})`);
  }
}

/** `text` as a frame. Lone surrogates become U+FFFD. */
export function writeDraft76Text(text: string, ops: TextOps): Uint8Array {
  const frame = new Uint8Array(text.length * 3 + 2);
  frame[0] = TEXT_TYPE;
  const end = 1 + ops.write(text, frame, 1);
  frame[end] = END_OF_TEXT;
  return frame.subarray(0, end + 1);
}

/** The closing handshake. */
export function writeDraft76Close(): Uint8Array {
  return Uint8Array.of(CLOSE_TYPE, 0x00);
}
