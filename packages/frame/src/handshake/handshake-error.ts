/**
 * Why a handshake did not become a connection. The number is the HTTP status a server answers with;
 * `null` means that nobody is left to answer, or that we are the client.
 */
const statusOf = {
  /** The first line is not `METHOD target HTTP/1.x`, or not a status line. */
  BAD_START_LINE: 400,
  /** A header line is malformed: folded, without a colon, a space before the colon, a control character, a bare CR or LF. */
  BAD_HEADER: 400,
  /** A header that decides the handshake came twice. */
  DUPLICATE_HEADER: 400,
  /** The head is longer than `maxHeadBytes`. */
  HEAD_TOO_BIG: 431,
  /** The head has more than `maxHeaders` headers. */
  TOO_MANY_HEADERS: 431,
  /** The request announces a body (`Content-Length` or `Transfer-Encoding`), so its end is open to interpretation. */
  BODY_NOT_ALLOWED: 400,
  /** The method is not GET. */
  BAD_METHOD: 405,
  /** The HTTP version is not 1.1. */
  BAD_HTTP_VERSION: 400,
  /** `Host` is missing or not a host. */
  BAD_HOST: 400,
  /** `Upgrade` does not name `websocket`. */
  BAD_UPGRADE: 400,
  /** `Connection` does not name `upgrade`. */
  BAD_CONNECTION: 400,
  /** `Sec-WebSocket-Key` is missing or not the base64 of 16 bytes. */
  BAD_KEY: 400,
  /** `Sec-WebSocket-Version` is missing or not one we speak. */
  BAD_VERSION: 426,
  /** `Sec-WebSocket-Protocol` is not a list of different tokens. */
  BAD_PROTOCOL: 400,
  /** `Sec-WebSocket-Extensions` is malformed; on a client also: the server's choice does not fit what was offered. */
  BAD_EXTENSION: 400,
  /** The page that opened the connection is not on an allowed origin. */
  ORIGIN_REFUSED: 403,
  /** The application's check said no. */
  FORBIDDEN: 403,
  /** The handshake was not complete in time. */
  TIMED_OUT: 408,
  /** A hook of the application threw or gave an unusable answer; `cause` has it. The peer is told nothing more. */
  HOOK_FAILED: 500,
  /** Too many handshakes are under way, or the server is closing. */
  UNAVAILABLE: 503,
  /** The peer was gone before the handshake was answered. */
  ABANDONED: null,
  /** Client: the server answered another status than 101; `status` has it. Redirects are never followed. */
  BAD_STATUS: null,
  /** Client: `Sec-WebSocket-Accept` does not prove that the server read our key. */
  BAD_ACCEPT: null,
  /** Client: the server chose a subprotocol that was not offered. */
  PROTOCOL_NOT_OFFERED: null,
  /** Client: the server uses an extension that was not offered. */
  EXTENSION_NOT_OFFERED: null,
} as const;

/** Each code has one meaning; its entry stands above and in the README of `@typewire/node`. */
export type HandshakeErrorCode = keyof typeof statusOf;

/**
 * The handshake did not become a connection. Switch on `code`; `message` is for people, never repeats
 * what the peer sent, and is what a server's refusal carries as its body.
 */
export class HandshakeError extends Error {
  override readonly name = 'HandshakeError';
  readonly code: HandshakeErrorCode;
  /** On a server the status to answer; on a client the status that was answered. `null` when there is none. */
  readonly status: number | null;

  constructor(code: HandshakeErrorCode, message: string, options?: ErrorOptions & { status?: number | null }) {
    super(message, options);
    this.code = code;
    this.status = options?.status === undefined ? statusOf[code] : options.status;
  }
}

/** Use this, not `instanceof HandshakeError`, which fails when two copies of the package are installed. */
export function isHandshakeError(value: unknown): value is HandshakeError {
  return value instanceof Error && value.name === 'HandshakeError';
}

/** What a check of peer input yields: peers never make us throw. */
export type HandshakeResult<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly error: HandshakeError };

/**
 * Turns the one way in which the checks below it fail into a result. `status` replaces the error's own: a client that
 * refuses an answer has nothing to answer itself.
 *
 * @internal
 */
export function handshakeResult<Value>(check: () => Value, status?: number | null): HandshakeResult<Value> {
  try {
    return { ok: true, value: check() };
  } catch (error) {
    if (!(error instanceof HandshakeError)) throw error;
    if (status === undefined) return { ok: false, error };
    return { ok: false, error: new HandshakeError(error.code, error.message, { status }) };
  }
}
