/** From this length on, words are faster than bytes although a view must be made and its ends aligned. */
export const WORD_MASK_MIN_BYTES = 48;

/** From this length on, a {@link MaskWide} is worth its call. */
export const WIDE_MASK_MIN_BYTES = 4_096;

/**
 * Masks as {@link applyMask} does, but without looking for ASCII: what a platform that can do better than
 * 32 bits at a time brings along for large payloads.
 */
export type MaskWide = (bytes: Uint8Array, start: number, end: number, maskKey: number, phase: number) => void;

const HIGH_BITS = 0x80808080 | 0;

const littleEndian = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;

/** Words over all of the memory behind `bytes`; make it once for many calls of {@link applyMask}. */
export function wordsOver(bytes: Uint8Array): Int32Array {
  return new Int32Array(bytes.buffer, 0, bytes.buffer.byteLength >>> 2);
}

/**
 * Masks or unmasks `bytes[start, end)` in place and returns whether every resulting byte is ASCII, which
 * costs nothing to find out here and saves a UTF-8 check later. RFC 6455 §5.3.
 *
 * `phase` is the position of `start` within the payload: a payload that arrives in pieces continues its
 * key. `words` must come from {@link wordsOver} of the same memory; without it short ranges go by the byte.
 */
export function applyMask(
  bytes: Uint8Array,
  start: number,
  end: number,
  maskKey: number,
  phase: number,
  words: Int32Array | null = null,
): boolean {
  let key = rotate(maskKey, phase);
  if (end - start < WORD_MASK_MIN_BYTES || !littleEndian) return maskBytes(bytes, start, end, key);

  const view = words ?? wordsOver(bytes);
  const firstWord = (bytes.byteOffset + start + 3) & ~3;
  const alignedStart = firstWord - bytes.byteOffset;
  const alignedEnd = alignedStart + ((end - alignedStart) & ~3);
  let ascii = maskBytes(bytes, start, alignedStart, key);
  key = rotate(key, alignedStart - start);
  ascii = maskWords(view, firstWord >>> 2, (firstWord + alignedEnd - alignedStart) >>> 2, key) && ascii;
  return maskBytes(bytes, alignedEnd, end, key) && ascii;
}

function rotate(key: number, byBytes: number): number {
  const bits = (byBytes & 3) << 3;
  return (key >>> bits) | (key << (32 - bits));
}

function maskBytes(bytes: Uint8Array, start: number, end: number, key: number): boolean {
  let seen = 0;
  let at = start;
  const key0 = key & 0xff;
  const key1 = (key >>> 8) & 0xff;
  const key2 = (key >>> 16) & 0xff;
  const key3 = key >>> 24;
  for (; at + 4 <= end; at += 4) {
    const byte0 = (bytes[at] as number) ^ key0;
    const byte1 = (bytes[at + 1] as number) ^ key1;
    const byte2 = (bytes[at + 2] as number) ^ key2;
    const byte3 = (bytes[at + 3] as number) ^ key3;
    bytes[at] = byte0;
    bytes[at + 1] = byte1;
    bytes[at + 2] = byte2;
    bytes[at + 3] = byte3;
    seen |= byte0 | byte1 | byte2 | byte3;
  }
  for (let rest = key; at < end; at++, rest >>>= 8) {
    const byte = (bytes[at] as number) ^ (rest & 0xff);
    bytes[at] = byte;
    seen |= byte;
  }
  return seen < 0x80;
}

function maskWords(words: Int32Array, start: number, end: number, key: number): boolean {
  let seen = 0;
  let at = start;
  // Four words a turn: measured 1.3 to 1.6 times faster than one.
  for (; at + 4 <= end; at += 4) {
    const word0 = (words[at] as number) ^ key;
    const word1 = (words[at + 1] as number) ^ key;
    const word2 = (words[at + 2] as number) ^ key;
    const word3 = (words[at + 3] as number) ^ key;
    words[at] = word0;
    words[at + 1] = word1;
    words[at + 2] = word2;
    words[at + 3] = word3;
    seen |= word0 | word1 | word2 | word3;
  }
  for (; at < end; at++) {
    const word = (words[at] as number) ^ key;
    words[at] = word;
    seen |= word;
  }
  return (seen & HIGH_BITS) === 0;
}
