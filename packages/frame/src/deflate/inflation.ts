import { FrameError } from '../errors.ts';
import type { Allocate } from '../growing-buffer.ts';
import type { Inflated } from './codec.ts';
import { SlidingWindow } from './sliding-window.ts';

/** Final blocks within one message; each costs as much as a message. No sender is known that needs more than one. */
const MAX_FINAL_BLOCKS = 16;

const nothing: Uint8Array = new Uint8Array(0);

/** A compressed message as it came: its first `compressedBytes` bytes, and behind them what stands behind each. */
export interface CompressedMessage {
  readonly bytes: Uint8Array;
  readonly compressedBytes: number;
  /** Most bytes that it may inflate to. */
  readonly maxBytes: number;
}

/** One message while it is inflated, from one final block to the next. RFC 7692 §7.2.2. */
export class Inflation {
  readonly #message: CompressedMessage;
  readonly #windowBits: number;
  readonly #allocate: Allocate;
  #window: SlidingWindow | null;
  #inflated = nothing;
  #at = 0;
  #streams = 0;

  /** `window` is `null` without context takeover. */
  constructor(message: CompressedMessage, window: SlidingWindow | null, windowBits: number, allocate: Allocate) {
    this.#message = message;
    this.#window = window;
    this.#windowBits = windowBits;
    this.#allocate = allocate;
  }

  /** What is to be inflated next. */
  get input(): Uint8Array {
    return this.#message.bytes.subarray(this.#at);
  }

  /** What stands before it. */
  get history(): Uint8Array | null {
    return this.#window?.bytes ?? null;
  }

  /** Most bytes that it may become. */
  get roomBytes(): number {
    return this.#message.maxBytes - this.#inflated.length;
  }

  /**
   * Takes what became of {@link input}, and returns the message, which may lie in larger memory, or `null` if there is more
   * to inflate.
   *
   * @throws {FrameError} `PAYLOAD_TOO_BIG`, `INVALID_DEFLATE` or `INTERNAL`.
   */
  take(inflated: Inflated): Uint8Array | null {
    const { bytes, compressedBytes, maxBytes } = this.#message;
    if (inflated.type === 'corrupt') throw invalid('a compressed message is not DEFLATE', inflated.cause);
    if (inflated.type === 'failed') throw new FrameError('INTERNAL', 'inflating failed', { cause: inflated.cause });
    if (inflated.type === 'too-big' || inflated.bytes.length > this.roomBytes) {
      throw new FrameError('PAYLOAD_TOO_BIG', `the message inflates to more than maxMessageBytes (${maxBytes})`);
    }
    this.#at += inflated.readBytes;
    this.#inflated = this.#inflated.length === 0 ? inflated.bytes : this.#join(this.#inflated, inflated.bytes);
    const complete = this.#at === compressedBytes || this.#at === bytes.length;
    if (!complete) this.#window ??= new SlidingWindow(this.#windowBits, this.#allocate);
    this.#window?.push(inflated.bytes);
    if (complete) return this.#inflated;
    // §7.2.3.4: behind a final block others may follow.
    if (this.#at > compressedBytes) throw invalid('a compressed message ends within a block');
    if (++this.#streams === MAX_FINAL_BLOCKS) {
      throw invalid(`a compressed message has more than ${MAX_FINAL_BLOCKS} final blocks`);
    }
    return null;
  }

  #join(first: Uint8Array, second: Uint8Array): Uint8Array {
    const joined = this.#allocate(first.length + second.length);
    joined.set(first);
    joined.set(second, first.length);
    return joined;
  }
}

function invalid(message: string, cause?: unknown): FrameError {
  return new FrameError('INVALID_DEFLATE', message, cause === undefined ? {} : { cause });
}
