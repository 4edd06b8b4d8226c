/** @internal */
export const Char = {
  Tab: 0x09,
  LineFeed: 0x0a,
  CarriageReturn: 0x0d,
  Space: 0x20,
  Quote: 0x22,
  Comma: 0x2c,
  Colon: 0x3a,
  Semicolon: 0x3b,
  Equals: 0x3d,
  Backslash: 0x5c,
  Delete: 0x7f,
} as const;

/** What {@link hasOnly} looks up: 1 for each character of `chars`, which are ASCII. */
export function charTable(chars: string): Uint8Array {
  const table = new Uint8Array(128);
  for (let at = 0; at < chars.length; at++) table[chars.charCodeAt(at)] = 1;
  return table;
}

/** Whether all characters of `text` from `start` to `end` are in `table`. */
export function hasOnly(table: Uint8Array, text: string, start = 0, end: number = text.length): boolean {
  for (let at = start; at < end; at++) {
    if (table[text.charCodeAt(at)] !== 1) return false;
  }
  return true;
}

const tokenChars = charTable("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

/** Whether a `token` may have this character. RFC 9110 §5.6.2. */
export function isTokenChar(char: number): boolean {
  return tokenChars[char] === 1;
}

/** Whether `text` is a `token`: at least one character, no separators. RFC 9110 §5.6.2. */
export function isToken(text: string): boolean {
  return text.length > 0 && hasOnly(tokenChars, text);
}

/** Whether `text` is printable ASCII, spaces and tabs only: what we write into a header value. */
export function isPrintableAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const char = text.charCodeAt(at);
    if ((char < Char.Space && char !== Char.Tab) || char >= Char.Delete) return false;
  }
  return true;
}

/** Whether `text` is ASCII without spaces or control characters, such as a request target. */
export function isVisibleAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const char = text.charCodeAt(at);
    if (char <= Char.Space || char >= Char.Delete) return false;
  }
  return text.length > 0;
}

/**
 * Whether `text` may stand in a header value that a peer sent. Bytes above 127 are allowed there: they are opaque and
 * cookies are full of them. RFC 9110 §5.5.
 */
export function isFieldValue(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const char = text.charCodeAt(at);
    if ((char < Char.Space && char !== Char.Tab) || char === Char.Delete) return false;
  }
  return true;
}

/** `text` from `start` to `end` without the spaces and tabs around it. Written out because `trim` also takes other blanks. */
export function trimmedSlice(text: string, start: number, end: number): string {
  let from = start;
  let to = end;
  while (from < to && isBlank(text.charCodeAt(from))) from++;
  while (to > from && isBlank(text.charCodeAt(to - 1))) to--;
  return text.slice(from, to);
}

/** Lower case of A–Z only. `toLowerCase` would turn the Kelvin sign into a `k`, and so make two names one. */
export function asciiLowerCase(text: string): string {
  for (let at = 0; at < text.length; at++) {
    if (text.charCodeAt(at) > Char.Delete) return lowerCaseOfEach(text);
  }
  return text.toLowerCase();
}

function lowerCaseOfEach(text: string): string {
  return Array.from(text, (char) => (char >= 'A' && char <= 'Z' ? char.toLowerCase() : char)).join('');
}

/** Whether a character is optional blank space between the parts of a header. RFC 9110 §5.6.3. */
export function isBlank(char: number): boolean {
  return char === Char.Space || char === Char.Tab;
}

/** Below what any engine takes as arguments of one call. */
const MAX_ARGUMENTS = 4_096;

/** The bytes from `start` to `end` as text, each one character. Not one by one: that leaves a string for each of them. */
export function latin1Slice(bytes: Uint8Array, start: number, end: number): string {
  let text = '';
  for (let at = start; at < end; at += MAX_ARGUMENTS) {
    const part: ArrayLike<number> = bytes.subarray(at, Math.min(end, at + MAX_ARGUMENTS));
    // Spreading it would take six times as long, by the iterator of each byte.
    text += String.fromCharCode.apply(null, part as number[]);
  }
  return text;
}
