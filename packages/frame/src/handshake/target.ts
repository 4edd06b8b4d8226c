import { asciiLowerCase, charTable, hasOnly } from './ascii.ts';
import { HandshakeError } from './handshake-error.ts';

/** What a request asks for, and of whom. */
export interface RequestTarget {
  readonly host: string;
  readonly path: string;
  readonly query: string;
}

/**
 * Splits a request target. An absolute one brings its own host, which then counts instead of the header's.
 * RFC 9112 §3.2.
 *
 * @throws {HandshakeError} `BAD_HOST` or `BAD_START_LINE`.
 */
export function readTarget(target: string, hostHeader: string | null): RequestTarget {
  // §3.2: a request without Host is refused even when its target is absolute.
  if (hostHeader === null || !isHost(hostHeader)) {
    throw new HandshakeError('BAD_HOST', 'The header Host must name a host.');
  }
  if (target.startsWith('/')) return { host: hostHeader, ...splitPath(target) };

  const schemeEnd = target.indexOf('://');
  const scheme = asciiLowerCase(target.slice(0, Math.max(schemeEnd, 0)));
  if (scheme !== 'http' && scheme !== 'https' && scheme !== 'ws' && scheme !== 'wss') {
    throw new HandshakeError('BAD_START_LINE', 'The request target must be a path.');
  }
  const authority = authorityEnd(target, schemeEnd + 3);
  const host = target.slice(schemeEnd + 3, authority);
  if (!isHost(host)) throw new HandshakeError('BAD_HOST', 'The request target must name a host.');
  const path = target.slice(authority);
  return { host, ...splitPath(path.startsWith('/') ? path : `/${path}`) };
}

function splitPath(target: string): { path: string; query: string } {
  const mark = target.indexOf('?');
  return mark === -1 ? { path: target, query: '' } : { path: target.slice(0, mark), query: target.slice(mark + 1) };
}

function authorityEnd(target: string, start: number): number {
  let at = start;
  while (at < target.length && target.charAt(at) !== '/' && target.charAt(at) !== '?') at++;
  return at;
}

const hostChars = charTable("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~%!$&'()*+,;=:[]");

/**
 * Whether `text` has only the characters of a host and port. User names are not among them: `good@evil` must not pass
 * for `good`. RFC 3986 §3.2.2.
 */
export function isHost(text: string): boolean {
  return text.length > 0 && hasOnly(hostChars, text);
}
