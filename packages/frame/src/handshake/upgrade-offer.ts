import { UsageError } from '../usage-error.ts';
import { toBase64 } from './accept-key.ts';
import { checkProtocols } from './acceptance.ts';
import { isVisibleAscii } from './ascii.ts';
import { writeDeflateOffer } from './deflate-answer.ts';
import { checkDeflateParameters, type DeflateParameters } from './deflate-parameters.ts';
import { type ExtraHeaders, writeExtraHeaders } from './extra-headers.ts';
import { isHost } from './target.ts';

/** What a client asks for. */
export interface UpgradeOfferOptions {
  /** Host, and port unless it is the default one. */
  host: string;
  /** Path and query, such as `/chat?room=1`. */
  target: string;
  /** 16 random bytes, new for each request. */
  nonce: Uint8Array;
  /** Subprotocols in order of preference. @default [] */
  protocols?: readonly string[];
  /** Offers to compress messages, as these say. @default null */
  deflate?: DeflateParameters | null;
  /** Sent as `Origin`; only browsers must. */
  origin?: string;
  /** Further headers, such as `Authorization` or `Cookie`. */
  headers?: ExtraHeaders;
}

/** A request as it was sent, with what is needed to check the answer. */
export interface UpgradeOffer {
  readonly key: string;
  readonly protocols: readonly string[];
  readonly deflate: DeflateParameters | null;
  /** The request itself. */
  readonly head: string;
}

/**
 * Writes the request that opens a connection. RFC 6455 §4.1.
 *
 * @throws {UsageError} `BAD_OPTION` for whatever could not stand in a request as it is.
 */
export function createUpgradeOffer(options: UpgradeOfferOptions): UpgradeOffer {
  const { host, target, nonce, protocols = [], deflate = null, origin, headers = {} } = options;
  if (!isHost(host)) throw new UsageError('BAD_OPTION', 'host must be a host name or address');
  if (!target.startsWith('/') || !isVisibleAscii(target) || target.includes('#')) {
    throw new UsageError('BAD_OPTION', 'target must be a path without spaces and fragment');
  }
  if (nonce.length !== 16) throw new UsageError('BAD_OPTION', 'nonce must have 16 bytes');
  if (origin !== undefined && !isVisibleAscii(origin)) {
    throw new UsageError('BAD_OPTION', 'origin must be ASCII without spaces');
  }
  checkProtocols(protocols);
  if (deflate !== null) checkDeflateParameters(deflate);
  const key = toBase64(nonce);
  const lines = [
    `GET ${target} HTTP/1.1`,
    `Host: ${host}`,
    'Upgrade: websocket',
    'Connection: Upgrade',
    `Sec-WebSocket-Key: ${key}`,
    'Sec-WebSocket-Version: 13',
  ];
  if (protocols.length > 0) lines.push(`Sec-WebSocket-Protocol: ${protocols.join(', ')}`);
  if (deflate !== null) lines.push(`Sec-WebSocket-Extensions: ${writeDeflateOffer(deflate)}`);
  if (origin !== undefined) lines.push(`Origin: ${origin}`);
  const head = `${lines.join('\r\n')}\r\n${writeExtraHeaders(headers)}\r\n`;
  return { key, protocols: [...protocols], deflate, head };
}
