import { UsageError } from '../usage-error.ts';
import { acceptFor, type Sha1 } from './accept-key.ts';
import { isToken } from './ascii.ts';
import { checkExtraHeaders, type ExtraHeaders } from './extra-headers.ts';
import type { UpgradeRequest } from './upgrade-request.ts';

/** How a server chooses: its own list in order of preference, or a function that gets the offered ones. */
export type ProtocolChoice = readonly string[] | ((offered: readonly string[]) => string | null);

/**
 * The subprotocol to speak, or `null` for none. No common one is no reason to refuse: RFC 6455 §4.2.2 leaves it to the
 * client whether it goes on without, and browsers do not.
 *
 * @throws {UsageError} `BAD_OPTION` when the function chose what was not offered.
 */
export function chooseProtocol(offered: readonly string[], choice: ProtocolChoice): string | null {
  if (typeof choice !== 'function') return choice.find((protocol) => offered.includes(protocol)) ?? null;
  const chosen = choice(offered);
  if (chosen === null || offered.includes(chosen)) return chosen;
  throw new UsageError('BAD_OPTION', 'the chosen subprotocol was not offered by the client');
}

/**
 * Checks a list of subprotocols of our caller.
 *
 * @throws {UsageError} `BAD_OPTION` unless all are different tokens.
 */
export function checkProtocols(protocols: readonly string[]): void {
  if (!protocols.every((protocol) => typeof protocol === 'string' && isToken(protocol))) {
    throw new UsageError('BAD_OPTION', 'each subprotocol must be a token');
  }
  if (new Set(protocols).size !== protocols.length) throw new UsageError('BAD_OPTION', 'a subprotocol is listed twice');
}

/** What a server says yes with. */
export interface Acceptance {
  /** The result of {@link chooseProtocol}. @default null */
  protocol?: string | null;
  /** Value of `Sec-WebSocket-Extensions`, from `acceptDeflate`. @default '', no extension */
  extensions?: string;
  /** Further headers, such as `Set-Cookie`. */
  headers?: ExtraHeaders;
}

/** {@link Acceptance} over HTTP/1.1. */
export interface AcceptanceOptions extends Acceptance {
  sha1: Sha1;
}

/**
 * The headers that tell a client what was agreed on, in any version of HTTP.
 *
 * @throws {UsageError} `BAD_OPTION` for headers that cannot be written or a subprotocol that was not offered.
 */
export function acceptanceHeaders(
  request: UpgradeRequest,
  { protocol = null, extensions = '', headers = {} }: Acceptance,
): (readonly [name: string, value: string])[] {
  if (protocol !== null && !request.protocols.includes(protocol)) {
    throw new UsageError('BAD_OPTION', 'the subprotocol was not offered by the client');
  }
  const pairs: (readonly [string, string])[] = [];
  if (protocol !== null) pairs.push(['Sec-WebSocket-Protocol', protocol]);
  if (extensions !== '') pairs.push(['Sec-WebSocket-Extensions', extensions]);
  return [...pairs, ...checkExtraHeaders(headers)];
}

/**
 * The 101 that accepts `request`; frames may follow at once. RFC 6455 §4.2.2, step 5.
 *
 * @throws {UsageError} `BAD_OPTION` for headers that cannot be written, a subprotocol that was not offered, or a
 *   request without a key.
 */
export function writeAcceptance(request: UpgradeRequest, options: AcceptanceOptions): string {
  if (request.key === null) throw new UsageError('BAD_OPTION', 'a request of HTTP/2 is not answered with 101');
  const lines = [
    'HTTP/1.1 101 Switching Protocols',
    'Upgrade: websocket',
    'Connection: Upgrade',
    `Sec-WebSocket-Accept: ${acceptFor(request.key, options.sha1)}`,
    ...acceptanceHeaders(request, options).map(([name, value]) => `${name}: ${value}`),
  ];
  return `${lines.join('\r\n')}\r\n\r\n`;
}
