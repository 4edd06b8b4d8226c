/** Returns `bytes` bytes of memory that nothing else uses. It need not be zeroed: it is overwritten before use. */
export type Allocate = (bytes: number) => Uint8Array<ArrayBuffer>;

/** {@link Allocate} that every JavaScript runtime has. */
export const allocateZeroed: Allocate = (bytes) => new Uint8Array(bytes);

const MIN_CAPACITY_BYTES = 256;

/** Memory that is taken at most for each byte that has arrived. */
const EARNED_FACTOR = 16;

const nothing: Uint8Array<ArrayBuffer> = new Uint8Array(0);

/**
 * Joins pieces by copying them into one buffer. Views would pin the chunks they came from: 131,000 fragments
 * of one byte cost 14 MB as views and 131 KB here. Growing by a factor keeps the copying linear.
 */
export class GrowingBuffer {
  readonly #allocate: Allocate;
  #bytes = nothing;
  #length = 0;

  constructor(allocate: Allocate) {
    this.#allocate = allocate;
  }

  get length(): number {
    return this.#length;
  }

  /**
   * Copies `source[start, end)` to the end. `expectedBytes` is the length that was announced so far, and in all
   * where `complete` says so: memory for it is taken as soon as a sixteenth has really arrived, so an announcement
   * alone costs nothing.
   */
  append(source: Uint8Array, start: number, end: number, expectedBytes: number, complete: boolean): void {
    const length = this.#length + end - start;
    if (length > this.#bytes.length) this.#grow(length, expectedBytes, complete);
    this.#bytes.set(start === 0 && end === source.length ? source : source.subarray(start, end), this.#length);
    this.#length = length;
  }

  /** The bytes so far, where {@link append} put them; valid until the next call. */
  peek(): Uint8Array {
    return this.#bytes;
  }

  /** Hands over all bytes in memory of exactly their length, and forgets them. */
  take(): Uint8Array<ArrayBuffer> {
    const bytes = this.#bytes.length === this.#length ? this.#bytes : this.#bytes.slice(0, this.#length);
    this.clear();
    return bytes;
  }

  clear(): void {
    this.#bytes = nothing;
    this.#length = 0;
  }

  #grow(length: number, expectedBytes: number, complete: boolean): void {
    const earned = Math.max(length, Math.min(expectedBytes, length * EARNED_FACTOR));
    // Fragments announce only themselves, so without doubling each of them would move the whole message.
    const capacity =
      this.#length === 0 || (complete && earned >= expectedBytes)
        ? earned
        : Math.max(earned, this.#bytes.length * 2, MIN_CAPACITY_BYTES);
    const grown = this.#allocate(capacity);
    grown.set(this.#length === this.#bytes.length ? this.#bytes : this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }
}
