import { UsageError } from '@typewire/frame';

/** Where a WebSocket address leads. */
export interface ConnectAddress {
  readonly secure: boolean;
  /** For the socket: IPv6 without brackets. */
  readonly hostname: string;
  readonly port: number;
  /** For the header `Host`: with the port unless it is the default one. */
  readonly host: string;
  /** Path and query. */
  readonly target: string;
}

/**
 * Reads `ws:`, `wss:`, `http:` and `https:` addresses, the last two meaning the first.
 *
 * @throws {UsageError} `BAD_OPTION` for everything else, for a fragment (RFC 6455 §3) and for a user name: credentials
 *   belong in a header, where they are not logged with the address.
 */
export function readAddress(url: string | URL): ConnectAddress {
  const { protocol, hostname, port, host, pathname, search, hash, username, password } = parse(url);
  const secure = protocol === 'wss:' || protocol === 'https:';
  if (!secure && protocol !== 'ws:' && protocol !== 'http:') {
    throw new UsageError('BAD_OPTION', 'the address must start with ws:// or wss://');
  }
  if (hash !== '') throw new UsageError('BAD_OPTION', 'the address of a WebSocket has no fragment');
  if (username !== '' || password !== '') {
    throw new UsageError('BAD_OPTION', 'the address must not contain a user name; send the header Authorization');
  }
  return {
    secure,
    hostname: hostname.startsWith('[') ? hostname.slice(1, -1) : hostname,
    port: port === '' ? (secure ? 443 : 80) : Number(port),
    host,
    target: `${pathname}${search}`,
  };
}

function parse(url: string | URL): URL {
  try {
    return new URL(url);
  } catch (cause) {
    throw new UsageError('BAD_OPTION', 'the address is not a URL', { cause });
  }
}
