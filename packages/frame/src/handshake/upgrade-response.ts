import { acceptFor, type Sha1 } from './accept-key.ts';
import { asciiLowerCase } from './ascii.ts';
import { readDeflateAnswer } from './deflate-answer.ts';
import type { DeflateParameters } from './deflate-parameters.ts';
import { HandshakeError, type HandshakeResult, handshakeResult } from './handshake-error.ts';
import { type HeaderMap, listHeaderHas, singleHeader } from './header-map.ts';
import type { ResponseHead } from './start-line.ts';
import type { UpgradeOffer } from './upgrade-offer.ts';

/** A 101 that keeps to what was offered. */
export interface UpgradeResponse {
  /** The subprotocol the server chose, or `null` for none. */
  readonly protocol: string | null;
  /** How messages are compressed, or `null` for not at all. */
  readonly deflate: DeflateParameters | null;
  readonly headers: HeaderMap;
}

/** Checks an answer against RFC 6455 §4.1. */
export function readUpgradeResponse(
  head: ResponseHead,
  offer: UpgradeOffer,
  sha1: Sha1,
): HandshakeResult<UpgradeResponse> {
  const { status, headers } = head;
  return handshakeResult(() => {
    if (status !== 101) throw new HandshakeError('BAD_STATUS', describeStatus(status));
    if (head.httpVersion !== '1.1')
      throw new HandshakeError('BAD_HTTP_VERSION', 'The server answered in another HTTP version.');
    // §4.1: this value and no other, where a request may list several.
    if (asciiLowerCase(singleHeader(headers, 'upgrade') ?? '') !== 'websocket') {
      throw new HandshakeError('BAD_UPGRADE', 'The server did not name websocket, and nothing else, in Upgrade.');
    }
    if (!listHeaderHas(headers, 'connection', 'upgrade')) {
      throw new HandshakeError('BAD_CONNECTION', 'The server did not name Upgrade in Connection.');
    }
    // RFC 9110 §8.6, RFC 9112 §6.1: a 101 has no body, and what comes next must be read as frames by everyone.
    if (headers.has('content-length') || headers.has('transfer-encoding')) {
      throw new HandshakeError('BODY_NOT_ALLOWED', 'The server announced a body behind its 101.');
    }
    if (singleHeader(headers, 'sec-websocket-accept') !== acceptFor(offer.key, sha1)) {
      throw new HandshakeError(
        'BAD_ACCEPT',
        'The server did not prove that it speaks WebSocket: Sec-WebSocket-Accept is wrong.',
      );
    }
    const deflate = readDeflateAnswer(headers, offer.deflate);
    const protocol = singleHeader(headers, 'sec-websocket-protocol');
    if (protocol !== null && !offer.protocols.includes(protocol)) {
      throw new HandshakeError('PROTOCOL_NOT_OFFERED', 'The server chose a subprotocol that was not offered.');
    }
    return { protocol, deflate, headers };
  }, status);
}

function describeStatus(status: number): string {
  const redirect = status >= 300 && status < 400;
  // Following would hand headers with credentials, meant for one server, to whichever it names.
  return `The server answered ${status} instead of 101${redirect ? '; redirects are not followed' : ''}.`;
}
