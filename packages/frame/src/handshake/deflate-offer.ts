import {
  DEFLATE_EXTENSION,
  type DeflateParameters,
  MAX_WINDOW_BITS,
  readDeflateParameters,
  type WrittenParameters,
} from './deflate-parameters.ts';
import { readExtensions } from './extension-list.ts';
import { type HandshakeResult, handshakeResult } from './handshake-error.ts';
import type { HeaderMap } from './header-map.ts';

/** What a server answers to an offer it takes. */
export interface DeflateAcceptance {
  readonly agreed: DeflateParameters;
  /** Value of `Sec-WebSocket-Extensions` in the 101. */
  readonly extensions: string;
}

/**
 * Takes the first of the client's offers that can be taken, or none (`null`): offers with what RFC 7692 does not define
 * are passed over. Fails with `BAD_EXTENSION` where the header is not well-formed. RFC 7692 §5.1, §7.1.
 */
export function acceptDeflate(
  headers: HeaderMap,
  preferences: DeflateParameters,
): HandshakeResult<DeflateAcceptance | null> {
  return handshakeResult(() => {
    for (const { name, parameters } of readExtensions(headers)) {
      if (name !== DEFLATE_EXTENSION) continue;
      const offer = readDeflateParameters(parameters);
      if (offer !== null) return accept(offer, preferences);
    }
    return null;
  });
}

function accept(offer: WrittenParameters, preferences: DeflateParameters): DeflateAcceptance {
  const parts = [DEFLATE_EXTENSION];
  const serverNoContextTakeover = offer.serverNoContextTakeover || preferences.serverNoContextTakeover;
  if (serverNoContextTakeover) parts.push('server_no_context_takeover');
  const clientNoContextTakeover = offer.clientNoContextTakeover || preferences.clientNoContextTakeover;
  if (clientNoContextTakeover) parts.push('client_no_context_takeover');

  const serverMaxWindowBits = Math.min(offer.serverMaxWindowBits ?? MAX_WINDOW_BITS, preferences.serverMaxWindowBits);
  // §7.1.2.1 would let us name it unasked, but Firefox fails the connection then. Using less than agreed is always allowed.
  if (offer.serverMaxWindowBits !== null) parts.push(`server_max_window_bits=${serverMaxWindowBits}`);

  let clientMaxWindowBits = MAX_WINDOW_BITS;
  // §7.1.2.2: a client that did not name it cannot be asked for less.
  if (offer.clientMaxWindowBits !== null) {
    const offered = offer.clientMaxWindowBits === 'any' ? MAX_WINDOW_BITS : offer.clientMaxWindowBits;
    clientMaxWindowBits = Math.min(offered, preferences.clientMaxWindowBits);
    parts.push(`client_max_window_bits=${clientMaxWindowBits}`);
  }
  return {
    agreed: { serverNoContextTakeover, clientNoContextTakeover, serverMaxWindowBits, clientMaxWindowBits },
    extensions: parts.join('; '),
  };
}
