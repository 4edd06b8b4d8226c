import { UsageError } from '../errors.ts';
import { utf8Length } from '../utf8-length.ts';

/** Longest canonical name of a topic, in bytes of UTF-8. */
export const MAX_TOPIC_BYTES = 255;

/**
 * The canonical name of a topic: equal parameters give an equal string whatever the order of their keys. Of
 * ASCII it holds letters, digits and `. _ - ? & = ~ %` alone, so that no broker reads a pattern into it.
 * `chat.room` with `{ room: 'lobby', page: 2 }` is `chat.room?page=~2&room=lobby`.
 *
 * @throws {UsageError} `BAD_OPTION` for parameters that are not plain JSON, or a name above {@link MAX_TOPIC_BYTES}.
 */
export function topicName(path: string, params: unknown): string {
  measure(params, MAX_TOPIC_BYTES);
  const query = params === undefined ? '' : `?${encodeParams(params)}`;
  const name = escapeText(path) + query;
  if (utf8Length(name) > MAX_TOPIC_BYTES) throw tooLong();
  return name;
}

/**
 * Refuses at once what cannot fit: encoding a megabyte to find that it has more than 255 bytes would cost whoever is
 * asked to more than whoever asks. Each unit of text takes a byte or more, and so does each value. Gives what is left.
 */
function measure(value: unknown, left: number): number {
  let rest = left - (typeof value === 'string' ? value.length : 0);
  if (rest < 0) throw tooLong();
  if (typeof value !== 'object' || value === null) return rest;
  for (const key in value) {
    const item = (value as Record<string, unknown>)[key];
    if (item === undefined || !Object.hasOwn(value, key)) continue;
    rest = measure(item, rest - 1 - (Array.isArray(value) ? 0 : key.length));
  }
  return rest;
}

function tooLong(): UsageError {
  return new UsageError('BAD_OPTION', `a topic's name has more than ${MAX_TOPIC_BYTES} bytes: shorten its parameters`);
}

function encodeParams(params: unknown): string {
  const entries = typeof params === 'object' && params !== null && isPlain(params) ? sortedEntries(params) : [];
  if (entries.length === 0) return encodeParam(params);
  return entries.map(([key, value]) => `${escapeText(key)}=${encodeParam(value)}`).join('&');
}

/** Text stands as itself; `~` opens everything else, so that `1` and `"1"` name two topics. */
function encodeParam(value: unknown): string {
  return typeof value === 'string' ? escapeText(value) : `~${escapeText(JSON.stringify(canonical(value)))}`;
}

function canonical(value: unknown): unknown {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value === 'object' && isPlain(value)) {
    return Object.fromEntries(sortedEntries(value).map(([key, item]) => [key, canonical(item)]));
  }
  throw new UsageError(
    'BAD_OPTION',
    'parameters of a channel are plain JSON: strings, finite numbers, booleans, null, arrays and objects',
  );
}

function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function sortedEntries(value: object): Array<[string, unknown]> {
  return Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .sort(([left], [right]) => (left < right ? -1 : 1));
}

/** All ASCII but letters, digits, `.`, `_` and `-`, and what is invisible beyond it. */
const unsafe = /[^\w.\-\u00a1-\u{10ffff}]|[\p{Cc}\p{Cf}\p{Z}]/gu;

/** Percent-encodes what could be read as anything but text. Other scripts stay as they are, and as short. */
function escapeText(text: string): string {
  if (!wellFormed(text)) {
    // A lone surrogate has no UTF-8: replacing it would let two names become one.
    throw new UsageError('BAD_OPTION', 'parameters of a channel hold text that is not well-formed Unicode');
  }
  return text.replace(unsafe, (char) => (char < '\u0080' ? escapeAscii(char) : encodeURIComponent(char)));
}

/** `encodeURIComponent` leaves some of ASCII alone that is not safe here. */
function escapeAscii(char: string): string {
  return `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
}

function wellFormed(text: string): boolean {
  return !/\p{Cs}/u.test(text);
}
