import { charTable, hasOnly } from './ascii.ts';

/** SHA-1 of `bytes`, 20 bytes long. Given by the driver: no platform has a synchronous one in common with the others. */
export type Sha1 = (bytes: Uint8Array) => Uint8Array;

// §1.3: appended to the key, so that only a server that speaks WebSocket arrives at the answer.
const acceptGuid = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const base64Chars = charTable(alphabet);

/** The `Sec-WebSocket-Accept` that answers `key`. RFC 6455 §4.2.2, step 5.4. */
export function acceptFor(key: string, sha1: Sha1): string {
  return toBase64(sha1(asciiBytes(key + acceptGuid)));
}

/** Whether `key` is the base64 of 16 bytes: 22 digits and two padding signs. RFC 6455 §4.2.1, item 5. */
export function isHandshakeKey(key: string): boolean {
  // The last digit carries 2 bits. Clients that leave noise in its other 4 exist, and decoders ignore it.
  return key.length === 24 && key.endsWith('==') && hasOnly(base64Chars, key, 0, 22);
}

/** Base64 with padding. RFC 4648 §4. */
export function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const left = bytes.length - at;
    const group = (byteAt(bytes, at) << 16) | (byteAt(bytes, at + 1) << 8) | byteAt(bytes, at + 2);
    text += alphabet.charAt(group >> 18) + alphabet.charAt((group >> 12) & 63);
    text += left > 1 ? alphabet.charAt((group >> 6) & 63) : '=';
    text += left > 2 ? alphabet.charAt(group & 63) : '=';
  }
  return text;
}

function byteAt(bytes: Uint8Array, at: number): number {
  return bytes[at] ?? 0;
}

function asciiBytes(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at);
  return bytes;
}
