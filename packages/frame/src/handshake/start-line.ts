import { isFieldValue, isToken, isVisibleAscii } from './ascii.ts';
import { HandshakeError } from './handshake-error.ts';
import type { HeaderMap } from './header-map.ts';

/** The first line of a request. */
export interface RequestLine {
  readonly method: string;
  /** The request target as it was sent: `/path?query`, or an absolute URL. */
  readonly target: string;
  /** Such as `1.1`. */
  readonly httpVersion: string;
}

/** The first line of a response. */
export interface StatusLine {
  readonly httpVersion: string;
  readonly status: number;
  readonly reason: string;
}

/** A request without its body. */
export interface RequestHead extends RequestLine {
  readonly headers: HeaderMap;
}

/** A response without its body. */
export interface ResponseHead extends StatusLine {
  readonly headers: HeaderMap;
}

/**
 * Reads `GET /path HTTP/1.1`: three parts, one space between them. RFC 9112 §3.
 *
 * @throws {HandshakeError} `BAD_START_LINE`.
 */
export function readRequestLine(line: string): RequestLine {
  const first = line.indexOf(' ');
  const last = line.lastIndexOf(' ');
  const method = line.slice(0, Math.max(first, 0));
  const target = line.slice(first + 1, last);
  const httpVersion = readHttpVersion(line.slice(last + 1));
  // A second space, leading or inside, would end up in the target, where it is refused.
  if (first === last || !isToken(method) || !isVisibleAscii(target) || httpVersion === null) {
    throw new HandshakeError('BAD_START_LINE', 'The request line is malformed.');
  }
  return { method, target, httpVersion };
}

/**
 * Reads `HTTP/1.1 101 Switching Protocols`; the reason may be empty. RFC 9112 §4.
 *
 * @throws {HandshakeError} `BAD_START_LINE`.
 */
export function readStatusLine(line: string): StatusLine {
  const httpVersion = readHttpVersion(line.slice(0, 8));
  const status = readStatus(line.slice(9, 12));
  const separated = line.charAt(8) === ' ' && (line.length === 12 || line.charAt(12) === ' ');
  const reason = line.slice(13);
  if (httpVersion === null || status === null || !separated || !isFieldValue(reason)) {
    throw new HandshakeError('BAD_START_LINE', 'The status line is malformed.');
  }
  return { httpVersion, status, reason };
}

// HTTP/2 never looks like this on the wire, so only 1.x is read.
function readHttpVersion(text: string): string | null {
  const minor = text.slice(7);
  return text.length === 8 && text.startsWith('HTTP/1.') && isDigits(minor) ? `1.${minor}` : null;
}

function readStatus(text: string): number | null {
  return text.length === 3 && isDigits(text) && text >= '100' && text <= '599' ? Number(text) : null;
}

function isDigits(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    if (char < '0' || char > '9') return false;
  }
  return text.length > 0;
}
