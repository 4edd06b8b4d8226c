import { isHandshakeKey } from './accept-key.ts';
import { isToken } from './ascii.ts';
import { HandshakeError, type HandshakeResult, handshakeResult } from './handshake-error.ts';
import { type HeaderMap, listHeader, listHeaderHas, singleHeader } from './header-map.ts';
import type { RequestHead } from './start-line.ts';
import { readTarget } from './target.ts';

/** A request that asks for a WebSocket as RFC 6455 wants it asked. Whether it may have one is for others to say. */
export interface UpgradeRequest {
  /** Path of the target as it was sent: percent signs are not decoded, dots not resolved. */
  readonly path: string;
  /** What follows the `?` of the target, or an empty string. */
  readonly query: string;
  /** Host and port that the client believes to talk to. */
  readonly host: string;
  /** Origin of the page that opens the connection, or `null`: every browser sends one, other programs need not. */
  readonly origin: string | null;
  /** Subprotocols the client offers, in its order of preference. */
  readonly protocols: readonly string[];
  /** What the answer proves to have read; `null` over HTTP/2, which needs no proof. */
  readonly key: string | null;
  /** 8 is the last draft before the RFC: the same frames, but its origin has another header. */
  readonly version: 13 | 8;
  readonly headers: HeaderMap;
}

/** Value of `Sec-WebSocket-Version` that says what we speak. */
export const supportedVersions = '13, 8';

/** Checks a request against RFC 6455 §4.2.1. What fails first is what the peer is told. */
export function readUpgradeRequest(head: RequestHead): HandshakeResult<UpgradeRequest> {
  return handshakeResult(() => {
    const { headers } = head;
    if (head.method !== 'GET') throw new HandshakeError('BAD_METHOD', 'A WebSocket is opened with GET.');
    // §4.2.1 says 1.1 or higher, and nothing higher than 1.x has such a head: `node:http` would let `HTTP/2.0` pass.
    if (!head.httpVersion.startsWith('1.') || head.httpVersion === '1.0') {
      throw new HandshakeError('BAD_HTTP_VERSION', 'A WebSocket needs HTTP/1.1, or HTTP/2 in its own form.');
    }
    refuseBody(headers);
    const { host, path, query } = readTarget(head.target, singleHeader(headers, 'host'));
    if (!listHeaderHas(headers, 'upgrade', 'websocket')) {
      throw new HandshakeError('BAD_UPGRADE', 'The header Upgrade must name websocket.');
    }
    if (!listHeaderHas(headers, 'connection', 'upgrade')) {
      throw new HandshakeError('BAD_CONNECTION', 'The header Connection must name Upgrade.');
    }
    const version = readVersion(headers);
    return {
      host,
      path,
      query,
      origin: readOriginHeader(headers, version),
      protocols: readOfferedProtocols(headers),
      key: readKey(headers),
      version,
      headers,
    };
  });
}

/**
 * What follows this head is frames. If it announces a body, a proxy in front of us may see the frames as that body,
 * and what hides in it as the next request. Even a length of 0 has no business here.
 */
function refuseBody(headers: HeaderMap): void {
  if (headers.has('content-length') || headers.has('transfer-encoding')) {
    throw new HandshakeError('BODY_NOT_ALLOWED', 'A WebSocket request has no body.');
  }
}

/** @internal */
export function readVersion(headers: HeaderMap): 13 | 8 {
  const version = singleHeader(headers, 'sec-websocket-version');
  if (version === '13') return 13;
  if (version === '8') return 8;
  throw new HandshakeError('BAD_VERSION', `The header Sec-WebSocket-Version must be one of ${supportedVersions}.`);
}

function readKey(headers: HeaderMap): string {
  const key = singleHeader(headers, 'sec-websocket-key');
  if (key !== null && isHandshakeKey(key)) return key;
  throw new HandshakeError('BAD_KEY', 'The header Sec-WebSocket-Key must be the base64 of 16 bytes.');
}

/** The drafts called it `Sec-WebSocket-Origin`: a check that overlooks it would let every page in by version 8. */
function readOriginHeader(headers: HeaderMap, version: 13 | 8): string | null {
  const origin = singleHeader(headers, 'origin');
  if (version === 13) return origin;
  const draftOrigin = singleHeader(headers, 'sec-websocket-origin');
  if (origin !== null && draftOrigin !== null && origin !== draftOrigin) {
    throw new HandshakeError('DUPLICATE_HEADER', 'The headers Origin and Sec-WebSocket-Origin differ.');
  }
  return draftOrigin ?? origin;
}

/** @internal */
export function readOfferedProtocols(headers: HeaderMap): string[] {
  if (!headers.has('sec-websocket-protocol')) return [];
  const offered = listHeader(headers, 'sec-websocket-protocol');
  // §4.1, item 10: each one a token and all of them different. §4.2.2: an empty header is not the same as none.
  if (offered.length === 0 || !offered.every(isToken) || new Set(offered).size !== offered.length) {
    throw new HandshakeError('BAD_PROTOCOL', 'The header Sec-WebSocket-Protocol must list different tokens.');
  }
  return offered;
}
