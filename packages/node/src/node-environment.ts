import { isAscii, isUtf8 } from 'node:buffer';
import { randomFillSync } from 'node:crypto';
import type { Allocate, CreateMaskKey, TextOps } from '@typewire/frame';

/** Methods that every Buffer has and that @types/node does not declare. */
interface NativeText {
  latin1Slice(start: number, end: number): string;
  utf8Slice(start: number, end: number): string;
  utf8Write(text: string, offset: number, length: number): number;
}

// Called on plain Uint8Arrays too: `toString` and `write` would need a Buffer view of them, which costs more
// than decoding a small message.
const { latin1Slice, utf8Slice, utf8Write } = Buffer.prototype as unknown as NativeText;

/** From this length on, looking for ASCII first makes decoding three to four times as fast. */
const ASCII_SCAN_MIN_BYTES = 1024;

/** Up to this length, a loop over ASCII is faster than a call out of JavaScript: 25 ns against 40 for 20 characters. */
const MAX_LOOPED_UNITS = 24;

/** Text with Buffer's own methods. */
export const nodeText: TextOps = {
  decode(bytes, start, end, ascii) {
    if (ascii || (end - start >= ASCII_SCAN_MIN_BYTES && isAscii(bytes.subarray(start, end)))) {
      return latin1Slice.call(bytes, start, end);
    }
    return utf8Slice.call(bytes, start, end);
  },
  write(text, target, offset) {
    const { length } = text;
    if (length > MAX_LOOPED_UNITS) return utf8Write.call(target, text, offset, target.length - offset);
    for (let at = 0; at < length; at++) {
      const unit = text.charCodeAt(at);
      if (unit >= 0x80) return utf8Write.call(target, text, offset, target.length - offset);
      target[offset + at] = unit;
    }
    return length;
  },
  byteLength: (text) => Buffer.byteLength(text),
  isUtf8: (bytes, start, end) => isUtf8(bytes.subarray(start, end)),
};

/** Memory from the system, not from Buffer's pool: a message must not pin its neighbours. */
export const allocate: Allocate = (bytes) => new Uint8Array(Buffer.allocUnsafeSlow(bytes).buffer);

const maskKeys = new Int32Array(1024);
let nextMaskKey = maskKeys.length;

/** Masking keys from the system's generator, drawn 1,024 at a time: a call for each would cost 1 µs. */
export const createMaskKey: CreateMaskKey = () => {
  if (nextMaskKey === maskKeys.length) {
    randomFillSync(maskKeys);
    nextMaskKey = 0;
  }
  const key = maskKeys[nextMaskKey] as number;
  nextMaskKey += 1;
  return key;
};
