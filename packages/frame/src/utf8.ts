import type { TextOps } from './text-ops.ts';

/** From this length on, a call of `isUtf8` is cheaper than checking byte by byte. */
const BULK_MIN_BYTES = 64;

/**
 * Checks UTF-8 that arrives in pieces, and says no at the first byte that cannot be right, even when the
 * code point, the frame or the message is not complete. RFC 3629 §4, RFC 6455 §8.1.
 */
export class Utf8Validator {
  readonly #isUtf8: TextOps['isUtf8'];
  /** Continuation bytes that the current code point still needs, and the range the next one must be in. */
  #needed = 0;
  #lowest = 0x80;
  #highest = 0xbf;

  constructor(isUtf8: TextOps['isUtf8']) {
    this.#isUtf8 = isUtf8;
  }

  /** Whether the text may end here. */
  get complete(): boolean {
    return this.#needed === 0;
  }

  reset(): void {
    this.#needed = 0;
  }

  /** Whether everything up to `end` can be the beginning of valid UTF-8. After a `false`, call {@link reset}. */
  push(bytes: Uint8Array, start: number, end: number): boolean {
    if (end - start < BULK_MIN_BYTES) return this.#pushBytes(bytes, start, end);
    let bulkStart = start;
    while (this.#needed > 0) {
      if (!this.#pushBytes(bytes, bulkStart, bulkStart + 1)) return false;
      bulkStart++;
    }
    const bulkEnd = lastBoundary(bytes, bulkStart, end);
    return this.#isUtf8(bytes, bulkStart, bulkEnd) && this.#pushBytes(bytes, bulkEnd, end);
  }

  #pushBytes(bytes: Uint8Array, start: number, end: number): boolean {
    for (let at = start; at < end; at++) {
      const byte = bytes[at] as number;
      if (this.#needed > 0) {
        if (byte < this.#lowest || byte > this.#highest) return false;
        this.#expect(this.#needed - 1);
      } else if (byte >= 0x80 && !this.#lead(byte)) return false;
    }
    return true;
  }

  #lead(byte: number): boolean {
    if (byte >= 0xc2 && byte <= 0xdf) this.#expect(1);
    else if (byte >= 0xe0 && byte <= 0xef) {
      // Overlong forms below U+0800, and the surrogates U+D800–U+DFFF.
      this.#expect(2, byte === 0xe0 ? 0xa0 : 0x80, byte === 0xed ? 0x9f : 0xbf);
    } else if (byte >= 0xf0 && byte <= 0xf4) {
      // Overlong forms below U+10000, and everything above U+10FFFF.
      this.#expect(3, byte === 0xf0 ? 0x90 : 0x80, byte === 0xf4 ? 0x8f : 0xbf);
    } else return false;
    return true;
  }

  #expect(needed: number, lowest = 0x80, highest = 0xbf): void {
    this.#needed = needed;
    this.#lowest = lowest;
    this.#highest = highest;
  }
}

/** Where a code point that `end` cuts in two begins; `end` when none is cut. */
function lastBoundary(bytes: Uint8Array, start: number, end: number): number {
  for (let back = 1; back <= 3 && end - back >= start; back++) {
    const byte = bytes[end - back] as number;
    if (byte < 0x80) return end;
    if (byte < 0xc0) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    return length > back ? end - back : end;
  }
  return end;
}

/**
 * The longest beginning of `text` that takes at most `maxBytes` in UTF-8 and does not end within a code
 * point. A lone surrogate counts as the three bytes of U+FFFD that will replace it.
 */
export function cutToBytes(text: string, maxBytes: number): string {
  let bytes = 0;
  let at = 0;
  while (at < text.length) {
    const codePoint = text.codePointAt(at) as number;
    bytes += codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x1_0000 ? 3 : 4;
    if (bytes > maxBytes) return text.slice(0, at);
    at += codePoint < 0x1_0000 ? 1 : 2;
  }
  return text;
}
