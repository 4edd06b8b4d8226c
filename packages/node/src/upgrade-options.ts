import type { Duplex } from 'node:stream';
import {
  checkProtocols,
  chooseProtocol,
  type ExtraHeaders,
  type HandshakeError,
  type RefusalStatus,
  type UpgradeRequest,
  UsageError,
  writeExtraHeaders,
} from '@typewire/frame';
import { type ConnectionOptions, type ConnectionSettings, connectionSettings } from './connection-options.ts';
import { type StartTimer, systemTimer } from './deadline.ts';
import { type DeflateSettings, deflateSettings, type PerMessageDeflateOptions } from './deflate-options.ts';
import { createOriginPolicy, type OriginOptions, type OriginPolicy, originRefusal } from './origin-policy.ts';
import type { ConnectionTracker } from './shutdown.ts';

/** A request as hooks see it. */
export interface IncomingUpgrade extends UpgradeRequest {
  /** Address of the peer of the socket, which is the proxy's if there is one. */
  readonly remoteAddress: string | null;
  /** The socket, for what is known of it, such as a client certificate. Never read from it or write to it. */
  readonly socket: Duplex;
}

/** What `verify` says: yes, no (403), or no with a status and a public line of text. */
export type Verdict = boolean | { readonly status: RefusalStatus; readonly text?: string };

/** How requests are accepted. Checks run in this order: RFC 6455, `origins`, `verify`, `protocols`, `headers`. */
export interface UpgradeOptions extends OriginOptions, ConnectionOptions {
  /**
   * Subprotocols in order of preference, or a function that chooses one of the offered or `null`. Without a common one
   * the connection has none, upon which browsers that offered some close it. @default []
   */
  protocols?: readonly string[] | ((offered: readonly string[], request: IncomingUpgrade) => string | null);
  /**
   * Compresses messages for clients that offer it; without it their offers are ignored. Read in the README what it costs
   * and when it is not safe. @default false
   */
  perMessageDeflate?: boolean | PerMessageDeflateOptions;
  /** Headers of the 101, such as `Set-Cookie`. `Sec-*`, `Upgrade` and `Connection` cannot be set. @default {} */
  headers?: ExtraHeaders | ((request: IncomingUpgrade) => ExtraHeaders);
  /**
   * The application's own check. Throwing answers 500 and tells the peer nothing; `onRefused` gets what was thrown as
   * `cause`. The signal fires when the peer has left or the time is over. @default () => true
   */
  verify?: (request: IncomingUpgrade, signal: AbortSignal) => Verdict | Promise<Verdict>;
  /** Time for the whole handshake, `verify` included. @default 10_000 */
  handshakeTimeoutMs?: number;
  /** Told about each request that did not become a connection, after the peer was answered. @default () => {} */
  onRefused?: (error: HandshakeError, request: IncomingUpgrade | null) => void;
  /** Tracks the connections, so that closing the server can end them. @default null */
  tracker?: ConnectionTracker | null;
  /** Source of time of the handshake. @default {@link systemTimer} */
  startTimer?: StartTimer;
}

/**
 * `UpgradeOptions` after their check.
 *
 * @internal
 */
export interface UpgradePolicy {
  readonly isAllowedOrigin: OriginPolicy;
  /** The public text for a request that `isAllowedOrigin` does not let in. */
  readonly originRefusal: (request: UpgradeRequest) => string;
  /** `null` when everybody may connect. */
  readonly verify: ((request: IncomingUpgrade, signal: AbortSignal) => Verdict | Promise<Verdict>) | null;
  readonly protocolFor: (request: IncomingUpgrade) => string | null;
  readonly headersFor: (request: IncomingUpgrade) => ExtraHeaders;
  readonly handshakeTimeoutMs: number;
  readonly onRefused: (error: HandshakeError, request: IncomingUpgrade | null) => void;
  readonly tracker: ConnectionTracker | null;
  readonly startTimer: StartTimer;
  readonly connection: ConnectionSettings;
  /** `null` for no compression. */
  readonly deflate: DeflateSettings | null;
}

/**
 * Checks the options once.
 *
 * @internal
 * @throws {UsageError} `BAD_OPTION`.
 */
export function createUpgradePolicy(options: UpgradeOptions): UpgradePolicy {
  const {
    protocols = [],
    headers = {},
    verify = null,
    handshakeTimeoutMs = 10_000,
    onRefused = () => {},
    tracker = null,
    startTimer = systemTimer,
  } = options;
  if (!(handshakeTimeoutMs > 0)) throw new UsageError('BAD_OPTION', 'handshakeTimeoutMs must be positive');
  if (typeof protocols !== 'function') checkProtocols(protocols);
  if (typeof headers !== 'function') writeExtraHeaders(headers);
  return {
    isAllowedOrigin: createOriginPolicy(options),
    originRefusal: (request) => originRefusal(options, request),
    verify,
    protocolFor: (request) => {
      const choice =
        typeof protocols === 'function' ? (offered: readonly string[]) => protocols(offered, request) : protocols;
      return chooseProtocol(request.protocols, choice);
    },
    headersFor: typeof headers === 'function' ? headers : () => headers,
    handshakeTimeoutMs,
    onRefused,
    tracker,
    startTimer,
    connection: connectionSettings('server', options),
    deflate: deflateSettings('server', options.perMessageDeflate),
  };
}
