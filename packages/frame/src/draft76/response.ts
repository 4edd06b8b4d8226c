import { isFieldValue } from '../handshake/ascii.ts';
import { HandshakeError, type HandshakeResult, handshakeResult } from '../handshake/handshake-error.ts';
import { listHeaderHas, singleHeader } from '../handshake/header-map.ts';
import type { ResponseHead } from '../handshake/start-line.ts';
import { answerChallenge, type Md5 } from './challenge.ts';
import type { Draft76Offer, Draft76Request } from './request.ts';

/** What a server says beyond the answer to the keys. */
export interface Draft76AcceptanceOptions {
  md5: Md5;
  /** Whether the connection is one of TLS: the answer repeats the address. */
  secure: boolean;
  /** Whether the subprotocol that was asked for is spoken. @default true */
  speaksProtocol?: boolean;
}

/**
 * The 101 and the sixteen bytes behind it that accept `request`; frames may follow at once. §5.2.
 *
 * @param key3 the eight bytes that followed the request's head.
 */
export function writeDraft76Acceptance(
  request: Draft76Request,
  key3: Uint8Array,
  { md5, secure, speaksProtocol = true }: Draft76AcceptanceOptions,
): HandshakeResult<Uint8Array> {
  return handshakeResult(() => {
    const answer = answerChallenge(request.key1, request.key2, key3, md5);
    const { origin, protocol } = request;
    if (!isFieldValue(origin) || !isFieldValue(protocol ?? '')) {
      throw new HandshakeError('BAD_HEADER', 'The request has a header that cannot be repeated.');
    }
    const query = request.query === '' ? '' : `?${request.query}`;
    const lines = [
      'HTTP/1.1 101 WebSocket Protocol Handshake',
      'Upgrade: WebSocket',
      'Connection: Upgrade',
      `Sec-WebSocket-Origin: ${origin}`,
      `Sec-WebSocket-Location: ${secure ? 'wss' : 'ws'}://${request.host}${request.path}${query}`,
      ...(protocol === null || !speaksProtocol ? [] : [`Sec-WebSocket-Protocol: ${protocol}`]),
    ];
    const head = `${lines.join('\r\n')}\r\n\r\n`;
    const bytes = new Uint8Array(head.length + answer.length);
    for (let at = 0; at < head.length; at++) bytes[at] = head.charCodeAt(at);
    bytes.set(answer, head.length);
    return bytes;
  });
}

/**
 * Checks an answer. §4.1, 41–48.
 *
 * @param answer the sixteen bytes that followed its head.
 */
export function readDraft76Response(
  head: ResponseHead,
  answer: Uint8Array,
  offer: Draft76Offer,
  md5: Md5,
): HandshakeResult<{ readonly protocol: string | null }> {
  return handshakeResult(() => {
    const { status, headers } = head;
    if (status !== 101) throw new HandshakeError('BAD_STATUS', `The server answered ${status} instead of 101.`);
    if (!listHeaderHas(headers, 'upgrade', 'websocket')) {
      throw new HandshakeError('BAD_UPGRADE', 'The server did not name WebSocket in Upgrade.');
    }
    if (!listHeaderHas(headers, 'connection', 'upgrade')) {
      throw new HandshakeError('BAD_CONNECTION', 'The server did not name Upgrade in Connection.');
    }
    if (singleHeader(headers, 'sec-websocket-origin') !== offer.origin) {
      throw new HandshakeError('BAD_ACCEPT', 'The server answered another origin.');
    }
    const location = `${offer.secure ? 'wss' : 'ws'}://${offer.host}${offer.target}`;
    if (singleHeader(headers, 'sec-websocket-location') !== location) {
      throw new HandshakeError('BAD_ACCEPT', 'The server answered for another address.');
    }
    const protocol = singleHeader(headers, 'sec-websocket-protocol');
    if (protocol !== null && protocol !== offer.protocol) {
      throw new HandshakeError('PROTOCOL_NOT_OFFERED', 'The server chose a subprotocol that was not offered.');
    }
    const expected = answerChallenge(offer.key1, offer.key2, offer.key3, md5);
    if (answer.length !== expected.length || expected.some((byte, at) => byte !== answer[at])) {
      throw new HandshakeError('BAD_ACCEPT', 'The server did not answer the keys.');
    }
    return { protocol };
  }, head.status);
}
