import {
  DEFLATE_EXTENSION,
  type DeflateParameters,
  MAX_WINDOW_BITS,
  readDeflateParameters,
  type WrittenParameters,
} from './deflate-parameters.ts';
import { readExtensions } from './extension-list.ts';
import { HandshakeError } from './handshake-error.ts';
import type { HeaderMap } from './header-map.ts';

/** Value of `Sec-WebSocket-Extensions` with which a client offers to compress. RFC 7692 §7.1. */
export function writeDeflateOffer(wanted: DeflateParameters): string {
  const parts = [DEFLATE_EXTENSION];
  if (wanted.serverNoContextTakeover) parts.push('server_no_context_takeover');
  if (wanted.clientNoContextTakeover) parts.push('client_no_context_takeover');
  if (wanted.serverMaxWindowBits < MAX_WINDOW_BITS) parts.push(`server_max_window_bits=${wanted.serverMaxWindowBits}`);
  // Named always: it tells the server that it may ask for less.
  const { clientMaxWindowBits: bits } = wanted;
  parts.push(bits < MAX_WINDOW_BITS ? `client_max_window_bits=${bits}` : 'client_max_window_bits');
  return parts.join('; ');
}

/**
 * What the server made of an offer, `null` for no compression. `offered` is `null` where none was made.
 *
 * @throws {HandshakeError} `EXTENSION_NOT_OFFERED` or `BAD_EXTENSION`: RFC 7692 §5.2 has the client fail the connection.
 */
export function readDeflateAnswer(headers: HeaderMap, offered: DeflateParameters | null): DeflateParameters | null {
  if (!headers.has('sec-websocket-extensions')) return null;
  if (offered === null) {
    throw new HandshakeError('EXTENSION_NOT_OFFERED', 'The server uses an extension, but none was offered.');
  }
  const extensions = readExtensions(headers);
  if (extensions.some(({ name }) => name !== DEFLATE_EXTENSION)) {
    throw new HandshakeError('EXTENSION_NOT_OFFERED', 'The server uses an extension that was not offered.');
  }
  const [extension] = extensions;
  const answer =
    extension !== undefined && extensions.length === 1 ? readDeflateParameters(extension.parameters) : null;
  const agreed = answer === null ? null : agree(answer, offered);
  if (agreed === null) {
    throw new HandshakeError('BAD_EXTENSION', 'The server does not compress in the way that was offered.');
  }
  return agreed;
}

function agree(answer: WrittenParameters, offered: DeflateParameters): DeflateParameters | null {
  // §7.1.1.1, §7.1.2.1: whoever takes the offer confirms what it demands of the server, with less if it likes.
  if (offered.serverNoContextTakeover && !answer.serverNoContextTakeover) return null;
  const serverMaxWindowBits = answer.serverMaxWindowBits ?? MAX_WINDOW_BITS;
  if (serverMaxWindowBits > offered.serverMaxWindowBits) return null;
  // §7.1.2.2: in an answer it has a value. It was offered, always.
  if (answer.clientMaxWindowBits === 'any') return null;
  const clientMaxWindowBits = answer.clientMaxWindowBits ?? offered.clientMaxWindowBits;
  if (clientMaxWindowBits > offered.clientMaxWindowBits) return null;
  return {
    serverNoContextTakeover: answer.serverNoContextTakeover,
    clientNoContextTakeover: offered.clientNoContextTakeover || answer.clientNoContextTakeover,
    serverMaxWindowBits,
    clientMaxWindowBits,
  };
}
