import { malformed } from './decode.ts';
import { MESSAGE_DEPTH } from './plain-json.ts';

/** A million levels take long to parse. No batch of ours is longer. */
const MAX_UNSCANNED = 65_536;

/** @throws {ProtocolError} `MALFORMED` for long text of a message that nests too deep to be parsed. */
export function checkNesting(text: string): void {
  if (text.length <= MAX_UNSCANNED || isNestedWithin(text, MESSAGE_DEPTH)) return;
  throw malformed(`text that nests more than ${MESSAGE_DEPTH} levels deep`);
}

const QUOTE = 34;
const BACKSLASH = 92;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;
/** Makes a brace of a bracket; of nothing else that stands in JSON outside of strings. */
const BRACKET_TO_BRACE = 32;

/**
 * Whether JSON text nests no deeper than `max`, without parsing it: `JSON.parse` itself accepts five million levels,
 * on which every recursive walk behind it overflows the stack. Does not check that the text is JSON.
 */
export function isNestedWithin(text: string, max: number): boolean {
  if (hasFewOpeners(text, max)) return true;
  let depth = 0;
  for (let index = 0; index < text.length; index++) {
    const char = text.charCodeAt(index);
    if (char === QUOTE) index = endOfString(text, index);
    else if ((char | BRACKET_TO_BRACE) === OPEN_BRACE) {
      if (++depth > max) return false;
    } else if ((char | BRACKET_TO_BRACE) === CLOSE_BRACE) depth--;
  }
  return true;
}

/** The usual message has fewer brackets than levels are allowed: two native searches settle it. */
function hasFewOpeners(text: string, max: number): boolean {
  let count = 0;
  for (const opener of ['[', '{']) {
    for (let at = text.indexOf(opener); at !== -1; at = text.indexOf(opener, at + 1)) {
      if (++count > max) return false;
    }
  }
  return true;
}

/** A native search finds quotes faster than a loop; whether one is escaped the backslashes before it tell. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let before = end - 1;
    while (text.charCodeAt(before) === BACKSLASH) before--;
    if ((end - before) % 2 === 1) return end;
  }
  return text.length;
}
