import { asciiLowerCase, Char, trimmedSlice } from './ascii.ts';
import { HandshakeError } from './handshake-error.ts';

/**
 * The headers of a head: lower-case names, each with its values in the order of arrival.
 * A `Map`, so that a header called `constructor` is just a header.
 */
export type HeaderMap = ReadonlyMap<string, readonly string[]>;

/** Groups pairs of name and value; names come in any case. */
export function createHeaderMap(pairs: Iterable<readonly [name: string, value: string]>): HeaderMap {
  const headers = new Map<string, string[]>();
  for (const [name, value] of pairs) {
    const key = asciiLowerCase(name);
    const values = headers.get(key);
    if (values) values.push(value);
    else headers.set(key, [value]);
  }
  return headers;
}

/**
 * The value of a header that may come once, or `null` when it did not come.
 *
 * @throws {HandshakeError} `DUPLICATE_HEADER`: two readers could choose differently.
 */
export function singleHeader(headers: HeaderMap, name: string): string | null {
  const values = headers.get(name);
  if (values === undefined) return null;
  if (values.length !== 1) throw new HandshakeError('DUPLICATE_HEADER', `The header ${name} must not be repeated.`);
  return values[0] ?? null;
}

/**
 * The elements of a comma-separated header, over all its lines. Empty elements are skipped, as RFC 9110 §5.6.1.2 asks;
 * quoted strings have no meaning in the headers this is for. One pass, whatever the peer sent.
 */
export function listHeader(headers: HeaderMap, name: string): string[] {
  const elements: string[] = [];
  for (const value of headers.get(name) ?? []) {
    let start = 0;
    for (let at = 0; at <= value.length; at++) {
      if (at < value.length && value.charCodeAt(at) !== Char.Comma) continue;
      const element = trimmedSlice(value, start, at);
      if (element !== '') elements.push(element);
      start = at + 1;
    }
  }
  return elements;
}

/** Whether a comma-separated header names `option`, in any case. */
export function listHeaderHas(headers: HeaderMap, name: string, option: string): boolean {
  const values = headers.get(name);
  // Nearly always it is the only one.
  if (values?.length === 1 && values[0] !== undefined && asciiLowerCase(values[0]) === option) return true;
  return listHeader(headers, name).some((element) => asciiLowerCase(element) === option);
}
