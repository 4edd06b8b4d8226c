/**
 * `connecting` until the first connection is open, `reconnecting` between connections, `closed` for good: by `close()`
 * or because the server refused for a reason that will not go away by itself; `reauthenticate()` may know better.
 */
export type ConnectionState = 'connecting' | 'open' | 'reconnecting' | 'closed';

/** How the connection stands. A new object for each change. */
export interface ConnectionStatus {
  readonly state: ConnectionState;
  /** Attempts to reconnect since the connection was last stable. */
  readonly attempt: number;
  /** When the next attempt starts, on the clock of `Date.now()`; `null` while none is planned. */
  readonly retryAtMs: number | null;
  /** Last measured round trip, in milliseconds; `null` before the first. */
  readonly latencyMs: number | null;
  /** Why the connection is not open, when that is known. */
  readonly error: ConnectionError | null;
  /**
   * How the session began with the last connection: `new`; `resumed`, as if nothing had happened; `lost` or `overflow`
   * when it could not be, because the server does not have it any more or missed messages are gone. `null` before.
   */
  readonly session: 'new' | 'resumed' | 'lost' | 'overflow' | null;
}

/** Before the first connection. */
export const initialStatus: ConnectionStatus = {
  state: 'connecting',
  attempt: 0,
  retryAtMs: null,
  latencyMs: null,
  error: null,
  session: null,
};

/** Why a connection was lost or refused. */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError';
  /**
   * `LOST`: it broke. `REFUSED`: the server closed it for good. `GAVE_UP`: `retryDelayMs` returned `null`. `AUTH`: `auth` or `url` threw or did not answer.
   * `BAD_OPTION`: an option is unusable.
   */
  readonly code: 'LOST' | 'REFUSED' | 'GAVE_UP' | 'AUTH' | 'BAD_OPTION';
  /** The WebSocket close code; 1006 when no close frame came, `null` when there was no connection. */
  readonly closeCode: number | null;

  constructor(code: ConnectionError['code'], message: string, closeCode: number | null, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.closeCode = closeCode;
  }
}
