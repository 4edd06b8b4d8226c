import { HandshakeError, type HandshakeResult, handshakeResult } from './handshake-error.ts';
import { type HeaderMap, singleHeader } from './header-map.ts';
import { readTarget } from './target.ts';
import { readOfferedProtocols, readVersion, type UpgradeRequest } from './upgrade-request.ts';

/** A request of HTTP/2 whose `:method` is `CONNECT` and whose `:protocol` is `websocket`. */
export interface ConnectHead {
  /** `:scheme`, `:authority` and `:path`; `undefined` where the request has none. */
  readonly scheme: string | undefined;
  readonly authority: string | undefined;
  readonly path: string | undefined;
  /** Without the pseudo-headers. */
  readonly headers: HeaderMap;
}

/**
 * Checks a request of HTTP/2 against RFC 8441 §5: what names the target are pseudo-headers, there is no key, and all
 * that RFC 6455 asks for beyond holds as it does over HTTP/1.1.
 */
export function readConnectRequest(head: ConnectHead): HandshakeResult<UpgradeRequest> {
  return handshakeResult(() => {
    const { headers } = head;
    if (head.scheme !== 'https' && head.scheme !== 'http') {
      throw new HandshakeError('BAD_START_LINE', 'The scheme must be https or http.');
    }
    if (!head.path?.startsWith('/')) throw new HandshakeError('BAD_START_LINE', 'The path must begin with a slash.');
    const host = singleHeader(headers, 'host');
    // RFC 9113 §8.3.1: one that differs is what a proxy in front of us may have decided by.
    if (host !== null && head.authority !== undefined && host !== head.authority) {
      throw new HandshakeError('BAD_HOST', 'The header Host and the authority differ.');
    }
    const target = readTarget(head.path, head.authority ?? host);
    // Drafts before version 13 never had HTTP/2.
    if (readVersion(headers) !== 13) throw new HandshakeError('BAD_VERSION', 'Over HTTP/2 the version must be 13.');
    return {
      ...target,
      origin: singleHeader(headers, 'origin'),
      protocols: readOfferedProtocols(headers),
      key: null,
      version: 13,
      headers,
    };
  });
}
