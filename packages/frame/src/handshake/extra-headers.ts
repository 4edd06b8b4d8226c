import { UsageError } from '../usage-error.ts';
import { asciiLowerCase, isPrintableAscii, isToken } from './ascii.ts';

/** Headers given by our caller: an object, a `Map`, or pairs when a name repeats (`Set-Cookie`). */
export type ExtraHeaders = Readonly<Record<string, string>> | Iterable<readonly [name: string, value: string]>;

// The handshake itself writes or forbids these; `Sec-` is refused by its prefix.
const ownNames: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'host',
  'http2-settings',
  'keep-alive',
  'origin',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/**
 * `headers` as pairs of name and value, checked.
 *
 * @throws {UsageError} `BAD_OPTION` for a name that is no token or belongs to the handshake (`Sec-*`, `Upgrade`,
 *   `Connection`, `Host`, `Origin`, …), and for a value with anything but printable ASCII: a line break there would
 *   let whoever chose the value write headers of their own.
 */
export function checkExtraHeaders(headers: ExtraHeaders): (readonly [name: string, value: string])[] {
  const pairs = [...(isIterable(headers) ? headers : Object.entries(headers))];
  for (const [name, value] of pairs) {
    if (typeof name !== 'string' || !isToken(name)) throw new UsageError('BAD_OPTION', 'a header name is not a token');
    const lower = asciiLowerCase(name);
    if (ownNames.has(lower) || lower.startsWith('sec-')) {
      throw new UsageError('BAD_OPTION', `the header ${name} belongs to the handshake and cannot be set`);
    }
    if (typeof value !== 'string' || !isPrintableAscii(value)) {
      throw new UsageError('BAD_OPTION', `the value of the header ${name} is not a string of printable ASCII`);
    }
  }
  return pairs;
}

/** {@link checkExtraHeaders} as header lines, each ended by CRLF. */
export function writeExtraHeaders(headers: ExtraHeaders): string {
  return checkExtraHeaders(headers)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('');
}

function isIterable(headers: ExtraHeaders): headers is Iterable<readonly [string, string]> {
  return Symbol.iterator in headers;
}
