import { HandshakeError } from '../handshake/handshake-error.ts';

/** MD5 of some bytes: 16 of them. What a platform has; it proves nothing but that the other end can read. */
export type Md5 = (data: Uint8Array) => Uint8Array;

/** Bytes that follow the head of a request. */
export const KEY3_BYTES = 8;

/** Bytes that follow the head of an answer. */
export const ANSWER_BYTES = 16;

/**
 * What a server answers the three keys with. draft-hixie-thewebsocketprotocol-76 §1.3, §5.2.
 *
 * @throws {HandshakeError} `BAD_KEY` for a key without digits or spaces, whose spaces do not divide its digits, or whose
 *   quotient has more than 32 bits: no browser sends such a one.
 */
export function answerChallenge(key1: string, key2: string, key3: Uint8Array, md5: Md5): Uint8Array {
  if (key3.length !== KEY3_BYTES) throw badKey();
  const challenge = new Uint8Array(16);
  const view = new DataView(challenge.buffer);
  view.setUint32(0, numberOf(key1));
  view.setUint32(4, numberOf(key2));
  challenge.set(key3, 8);
  return md5(challenge);
}

/** The digits of a key, read as one number, divided by the number of its spaces. */
function numberOf(key: string): number {
  let digits = 0;
  let spaces = 0;
  let found = false;
  for (let at = 0; at < key.length; at++) {
    const char = key.charCodeAt(at);
    if (char === 0x20) spaces++;
    else if (char >= 0x30 && char <= 0x39) {
      found = true;
      digits = digits * 10 + char - 0x30;
      // Beyond it numbers lose their last digits, and no quotient of 32 bits by so few spaces needs it.
      if (digits > Number.MAX_SAFE_INTEGER) throw badKey();
    }
  }
  const quotient = digits / spaces;
  if (!found || spaces === 0 || !Number.isInteger(quotient) || quotient > 0xffff_ffff) throw badKey();
  return quotient;
}

/** A key whose number only a server of this protocol finds; `random` gives bytes that cannot be guessed. §4.1, 16–22. */
export function createKey(random: (bytes: number) => Uint8Array): string {
  const below = (bound: number) => new DataView(random(4).slice().buffer).getUint32(0) % bound;
  const spaces = 1 + below(12);
  const number = below(Math.floor(0xffff_ffff / spaces) + 1);
  const chars = [...String(number * spaces)];
  for (let count = 1 + below(12); count > 0; count--) chars.splice(below(chars.length + 1), 0, filler(below(84)));
  // Not at either end: blanks there do not belong to the value of a header.
  for (let count = 0; count < spaces; count++) chars.splice(1 + below(chars.length - 1), 0, ' ');
  return chars.join('');
}

/** One of the 84 characters U+0021–U+002F and U+003A–U+007E, none of which is a digit. */
function filler(index: number): string {
  return String.fromCharCode(index < 15 ? 0x21 + index : 0x3a + index - 15);
}

function badKey(): HandshakeError {
  return new HandshakeError('BAD_KEY', 'The keys of a draft-76 request do not make a number.');
}
