import type { Allocate } from '../growing-buffer.ts';

/**
 * The last bytes that went in one direction: all that context takeover needs to remember. zlib's own state for the same
 * is 32 to 268 kB; this is at most 2^bits bytes, and takes no more than was sent.
 */
export class SlidingWindow {
  readonly #maxBytes: number;
  readonly #allocate: Allocate;
  #memory: Uint8Array;
  #length = 0;

  constructor(windowBits: number, allocate: Allocate) {
    this.#maxBytes = 2 ** windowBits;
    this.#allocate = allocate;
    this.#memory = allocate(0);
  }

  /** What it holds, `null` for nothing; valid until the next {@link push}. */
  get bytes(): Uint8Array | null {
    return this.#length === 0 ? null : this.#memory.subarray(0, this.#length);
  }

  push(bytes: Uint8Array): void {
    const added = bytes.length > this.#maxBytes ? bytes.subarray(bytes.length - this.#maxBytes) : bytes;
    const length = Math.min(this.#length + added.length, this.#maxBytes);
    const kept = length - added.length;
    const oldStart = this.#length - kept;
    if (length > this.#memory.length) {
      const grown = this.#allocate(Math.min(this.#maxBytes, Math.max(length, this.#memory.length * 2)));
      grown.set(this.#memory.subarray(oldStart, this.#length));
      this.#memory = grown;
    } else if (oldStart > 0) {
      this.#memory.copyWithin(0, oldStart, this.#length);
    }
    this.#memory.set(added, kept);
    this.#length = length;
  }
}
