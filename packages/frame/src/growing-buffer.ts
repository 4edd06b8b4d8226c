/** Returns `bytes` bytes of memory that nothing else uses. It need not be zeroed: it is overwritten before use. */
export type Allocate = (bytes: number) => Uint8Array<ArrayBuffer>;

/** {@link Allocate} that every JavaScript runtime has. */
export const allocateZeroed: Allocate = (bytes) => new Uint8Array(bytes);

const MIN_CAPACITY_BYTES = 256;

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
   * Copies `source[start, end)` to the end. `expectedBytes` is the length that was announced in all: memory
   * for it is taken as soon as a quarter has really arrived, so an announcement alone costs nothing.
   */
  append(source: Uint8Array, start: number, end: number, expectedBytes: number): void {
    const length = this.#length + end - start;
    if (length > this.#bytes.length) this.#grow(length, expectedBytes);
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

  #grow(length: number, expectedBytes: number): void {
    const capacity = expectedBytes <= length * 4 ? Math.max(expectedBytes, length) : length * 4;
    // Fragments announce only themselves, so without doubling each of them would move the whole message.
    const doubled = Math.max(capacity, Math.min(this.#bytes.length * 2, Number.MAX_SAFE_INTEGER));
    const grown = this.#allocate(this.#bytes.length === 0 ? capacity : Math.max(doubled, MIN_CAPACITY_BYTES));
    grown.set(this.#length === this.#bytes.length ? this.#bytes : this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }
}
