import { checkProtocols } from '../handshake/acceptance.ts';
import { isPrintableAscii, isVisibleAscii } from '../handshake/ascii.ts';
import { HandshakeError, type HandshakeResult, handshakeResult } from '../handshake/handshake-error.ts';
import { type HeaderMap, listHeaderHas, singleHeader } from '../handshake/header-map.ts';
import type { RequestHead } from '../handshake/start-line.ts';
import { isHost, readTarget } from '../handshake/target.ts';
import { UsageError } from '../usage-error.ts';
import { createKey, KEY3_BYTES } from './challenge.ts';

/** A request of draft-76, to be answered once the eight bytes behind its head have come. */
export interface Draft76Request {
  readonly path: string;
  readonly query: string;
  readonly host: string;
  readonly origin: string;
  /** The one subprotocol that is asked for, or `null`. */
  readonly protocol: string | null;
  readonly key1: string;
  readonly key2: string;
  readonly headers: HeaderMap;
}

/** Whether a request is of draft-76 (or its relative draft-00) and not of a later version. */
export function isDraft76(headers: HeaderMap): boolean {
  return headers.has('sec-websocket-key1') && !headers.has('sec-websocket-key');
}

/** Checks a request against §5.1 and §5.2 of draft-76. */
export function readDraft76Request(head: RequestHead): HandshakeResult<Draft76Request> {
  return handshakeResult(() => {
    const { headers } = head;
    if (head.method !== 'GET') throw new HandshakeError('BAD_METHOD', 'A WebSocket is opened with GET.');
    // A body of eight bytes without a length is what this draft was given up for; a length makes it two things at once.
    if (headers.has('content-length') || headers.has('transfer-encoding')) {
      throw new HandshakeError('BODY_NOT_ALLOWED', 'A draft-76 request announces no body.');
    }
    const target = readTarget(head.target, singleHeader(headers, 'host'));
    if (!listHeaderHas(headers, 'upgrade', 'websocket')) {
      throw new HandshakeError('BAD_UPGRADE', 'The header Upgrade must name WebSocket.');
    }
    if (!listHeaderHas(headers, 'connection', 'upgrade')) {
      throw new HandshakeError('BAD_CONNECTION', 'The header Connection must name Upgrade.');
    }
    const origin = singleHeader(headers, 'origin');
    if (origin === null) throw new HandshakeError('ORIGIN_REFUSED', 'A draft-76 request names its Origin.');
    const key1 = singleHeader(headers, 'sec-websocket-key1');
    const key2 = singleHeader(headers, 'sec-websocket-key2');
    if (key1 === null || key2 === null) throw new HandshakeError('BAD_KEY', 'A draft-76 request has two keys.');
    return { ...target, origin, protocol: singleHeader(headers, 'sec-websocket-protocol'), key1, key2, headers };
  });
}

/** What a client asks for. */
export interface Draft76OfferOptions {
  /** Host, and port unless it is the default one. */
  host: string;
  /** Path and query. */
  target: string;
  /** Whether the connection is one of TLS. */
  secure: boolean;
  /** What a browser would send as the origin of its page. */
  origin: string;
  /** The subprotocol; this draft has room for one. @default null */
  protocol?: string | null;
  /** Bytes that cannot be guessed. */
  random: (bytes: number) => Uint8Array;
}

/** A request as it is sent, with what is needed to check the answer. */
export interface Draft76Offer extends Required<Omit<Draft76OfferOptions, 'random'>> {
  readonly key1: string;
  readonly key2: string;
  readonly key3: Uint8Array;
  /** The head; {@link key3} follows it. */
  readonly head: string;
}

/**
 * Writes the request that opens a connection. §4.1.
 *
 * @throws {UsageError} `BAD_OPTION` for whatever could not stand in a request as it is.
 */
export function createDraft76Offer(options: Draft76OfferOptions): Draft76Offer {
  const { host, target, secure, origin, protocol = null, random } = options;
  if (!isHost(host)) throw new UsageError('BAD_OPTION', 'host must be a host name or address');
  if (!target.startsWith('/') || !isVisibleAscii(target) || target.includes('#')) {
    throw new UsageError('BAD_OPTION', 'target must be a path without spaces and fragment');
  }
  if (!isPrintableAscii(origin) || origin === '') throw new UsageError('BAD_OPTION', 'origin must be ASCII');
  if (protocol !== null) checkProtocols([protocol]);
  const key1 = createKey(random);
  const key2 = createKey(random);
  const lines = [
    `GET ${target} HTTP/1.1`,
    'Upgrade: WebSocket',
    'Connection: Upgrade',
    `Host: ${host}`,
    `Origin: ${origin}`,
    ...(protocol === null ? [] : [`Sec-WebSocket-Protocol: ${protocol}`]),
    `Sec-WebSocket-Key1: ${key1}`,
    `Sec-WebSocket-Key2: ${key2}`,
  ];
  const head = `${lines.join('\r\n')}\r\n\r\n`;
  return { host, target, secure, origin, protocol, key1, key2, key3: random(KEY3_BYTES).slice(), head };
}
