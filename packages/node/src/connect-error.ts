import { TLSSocket } from 'node:tls';

/** Why no answer to a handshake was reached; an answer that was wrong is a `HandshakeError`. */
export type ConnectErrorCode =
  /** The host is there, but nothing listens on the port. */
  | 'REFUSED'
  /** The name of the host could not be resolved. */
  | 'HOST_NOT_FOUND'
  /** The server's certificate is not trusted, or is for another name; nothing was sent. */
  | 'BAD_CERTIFICATE'
  /** TLS failed for another reason. */
  | 'TLS_FAILED'
  /** The connection ended before the answer was complete. */
  | 'LOST'
  /** The answer was not complete within `handshakeTimeoutMs`. */
  | 'TIMED_OUT'
  /** The caller's signal fired; `cause` is its reason. */
  | 'ABORTED'
  /** The network failed in another way; `cause` has the details. */
  | 'UNREACHABLE';

/** `connect` did not reach a WebSocket server. Switch on `code`: `message` is for people and may change. */
export class ConnectError extends Error {
  override readonly name = 'ConnectError';
  readonly code: ConnectErrorCode;

  constructor(code: ConnectErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Use this, not `instanceof ConnectError`, which fails when two copies of the package are installed. */
export function isConnectError(value: unknown): value is ConnectError {
  return value instanceof Error && value.name === 'ConnectError';
}

const namedCodes: ReadonlyMap<string, readonly [ConnectErrorCode, string]> = new Map([
  ['ECONNREFUSED', ['REFUSED', 'nothing listens there']],
  ['ENOTFOUND', ['HOST_NOT_FOUND', 'the host name is unknown']],
  ['EAI_AGAIN', ['HOST_NOT_FOUND', 'the host name could not be resolved now']],
  ['ECONNRESET', ['LOST', 'the server reset the connection']],
  ['EPIPE', ['LOST', 'the server closed the connection']],
]);

const plainAnswers: ReadonlySet<string> = new Set([
  'ERR_SSL_WRONG_VERSION_NUMBER',
  'ERR_SSL_PACKET_LENGTH_TOO_LONG',
  'ERR_SSL_RECORD_LAYER_FAILURE',
]);

/** Names what a socket reported; the original is the `cause`. */
export function toConnectError(cause: Error, socket: unknown): ConnectError {
  // Node keeps what it held against a certificate on the socket; the error's own code may be any of OpenSSL's.
  const certificate = socket instanceof TLSSocket && Boolean(socket.authorizationError);
  const systemCode = 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
  const named = namedCodes.get(systemCode);
  if (named !== undefined && !certificate) return new ConnectError(named[0], `cannot connect: ${named[1]}`, { cause });
  if (certificate) {
    return new ConnectError('BAD_CERTIFICATE', `the server's certificate is refused: ${cause.message}`, { cause });
  }
  // OpenSSL's names for an answer that is no TLS record, which one it is depends on the answer's first bytes.
  if (plainAnswers.has(systemCode)) {
    return new ConnectError('TLS_FAILED', 'that port does not speak TLS: use ws://', { cause });
  }
  const isTls = systemCode === 'EPROTO' || systemCode.startsWith('ERR_SSL') || systemCode.startsWith('ERR_TLS');
  if (isTls) return new ConnectError('TLS_FAILED', `TLS failed: ${cause.message}`, { cause });
  return new ConnectError('UNREACHABLE', `cannot connect: ${cause.message}`, { cause });
}

/** What a caller gets who gave up. */
export function abortedBy(signal: AbortSignal): ConnectError {
  return new ConnectError('ABORTED', 'the attempt was given up', { cause: signal.reason });
}
