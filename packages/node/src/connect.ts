import { randomBytes } from 'node:crypto';
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions as TlsOptions } from 'node:tls';
import { createUpgradeOffer, type ExtraHeaders, HandshakeError, type HeadLimits, UsageError } from '@typewire/frame';
import { type ConnectAddress, readAddress } from './connect-address.ts';
import { abortedBy, ConnectError, toConnectError } from './connect-error.ts';
import { createConnection, type WebSocketConnection } from './connection.ts';
import { type ConnectionOptions, connectionSettings } from './connection-options.ts';
import { Deadline, type StartTimer, systemTimer } from './deadline.ts';
import { createMessageDeflate, deflateSettings, type PerMessageDeflateOptions } from './deflate-options.ts';
import { inTurn } from './handshake-turn.ts';
import { type Answer, ResponseReader } from './response-reader.ts';

/** Options of {@link connect}. */
export interface ConnectOptions extends ConnectionOptions, HeadLimits {
  /** Subprotocols in order of preference. @default [] */
  protocols?: readonly string[];
  /** Offers to compress messages. Read in the README what it costs and when it is not safe. @default false */
  perMessageDeflate?: boolean | PerMessageDeflateOptions;
  /** Further headers of the request, such as `Authorization` or `Cookie`. @default {} */
  headers?: ExtraHeaders;
  /** Sent as `Origin`, for servers that ask programs for one too. */
  origin?: string;
  /** Time from the call to the complete answer. @default 10_000 */
  handshakeTimeoutMs?: number;
  /**
   * Waits until no other handshake to the same host and port is under way, of those that ask for it; the time limit runs
   * meanwhile. RFC 6455 §4.1 demands it so that a script cannot flood a server through the browser that runs it. Turn it
   * on where addresses come from somebody you do not trust. It is off because a program is trusted by whoever runs it,
   * because a thousand connections would take a thousand round trips, and because one server that does not answer would
   * have all that wait for it time out.
   * @default false
   */
  serializeHandshakes?: boolean;
  /** Gives up when it fires; without effect on a connection that is open. */
  signal?: AbortSignal;
  /**
   * What `tls.connect` takes, such as `ca` for a private authority. Certificates are checked unless
   * `rejectUnauthorized: false` says otherwise.
   */
  tls?: TlsOptions;
  /** Source of time of the handshake. @default {@link systemTimer} */
  startTimer?: StartTimer;
}

/**
 * Opens a connection. Attach listeners as soon as it resolves: messages that came with the answer are delivered after
 * that turn. Redirects are not followed.
 *
 * Rejects with `ConnectError` when no answer was reached, and with `HandshakeError` when it was not the right one; for
 * `BAD_STATUS` the error's `status` is the one that was answered.
 *
 * @throws {UsageError} `BAD_OPTION`, at once.
 */
export function connect(url: string | URL, options: ConnectOptions = {}): Promise<WebSocketConnection> {
  const { startTimer = systemTimer } = options;
  const address = readAddress(url);
  const { handshakeTimeoutMs, deflate, offer } = prepare(address, options);
  const reader = new ResponseReader(offer, options);
  const { signal } = options;
  const open = (running: Deadline | null) =>
    new Promise<WebSocketConnection>((resolve, reject) => {
      if (signal?.aborted) {
        reject(abortedBy(signal));
        return;
      }
      const socket = openSocket(address, options.tls);
      const onExpiry = () => {
        fail(new ConnectError('TIMED_OUT', `the server did not answer within ${handshakeTimeoutMs} ms`));
      };
      running?.handOver(onExpiry);
      const deadline = running ?? new Deadline(startTimer, handshakeTimeoutMs, onExpiry);

      const onAbort = () => signal && fail(abortedBy(signal));
      const onError = (error: Error) => fail(toConnectError(error, socket));
      const onLost = () => fail(new ConnectError('LOST', 'the connection ended before the answer was complete'));
      const onData = (chunk: Buffer) => {
        const answer = reader.push(chunk);
        if (answer === null) return;
        if (!answer.ok) fail(describeAnswer(answer.error, address));
        else succeed(answer.value);
      };
      signal?.addEventListener('abort', onAbort);
      socket.on('error', onError).on('end', onLost).on('close', onLost).on('data', onData);
      socket.once(address.secure ? 'secureConnect' : 'connect', () => socket.write(offer.head, 'latin1'));

      const release = () => {
        deadline.cancel();
        signal?.removeEventListener('abort', onAbort);
        socket.off('end', onLost).off('close', onLost).off('data', onData);
      };
      const fail = (error: Error) => {
        release();
        // The error listener stays: a reset can still come in, and nobody else would hear it.
        socket.destroy();
        reject(error);
      };
      const succeed = ({ protocol, deflate: agreed, extensions, rest }: Answer) => {
        release();
        socket.pause();
        // In a promise reaction, so that the caller's own, which attach listeners, come before the next byte is read.
        queueMicrotask(() => {
          const connection = createConnection(socket, {
            ...options,
            role: 'client',
            head: rest,
            protocol: protocol ?? '',
            extensions,
            deflate: agreed === null || deflate === null ? null : createMessageDeflate('client', agreed, deflate),
          });
          socket.off('error', onError);
          connection.resume();
          resolve(connection);
        });
      };
    });
  if (options.serializeHandshakes !== true) return open(null);
  return inTurn(`${address.hostname} ${address.port}`, { handshakeTimeoutMs, startTimer, signal }, open);
}

/**
 * Checks everything that {@link connect} would refuse, for whoever connects later.
 *
 * @throws {UsageError} `BAD_OPTION`.
 */
export function checkConnectOptions(options: ConnectOptions): void {
  prepare(readAddress('ws://localhost/'), options);
}

function prepare(address: ConnectAddress, options: ConnectOptions) {
  const { protocols = [], headers = {}, origin, handshakeTimeoutMs = 10_000 } = options;
  if (!(handshakeTimeoutMs > 0)) throw new UsageError('BAD_OPTION', 'handshakeTimeoutMs must be positive');
  const deflate = deflateSettings('client', options.perMessageDeflate);
  const offer = createUpgradeOffer({
    host: address.host,
    target: address.target,
    nonce: randomBytes(16),
    protocols,
    deflate,
    headers,
    ...(origin === undefined ? {} : { origin }),
  });
  connectionSettings('client', options);
  return { handshakeTimeoutMs, deflate, offer };
}

function openSocket({ secure, hostname, port }: ConnectAddress, tls: TlsOptions = {}): Socket {
  // Without `ALPNProtocols` a server that also speaks HTTP/2 may choose it.
  if (secure) {
    const servername = isIP(hostname) === 0 ? { servername: hostname } : {};
    return connectTls({ ALPNProtocols: ['http/1.1'], ...servername, ...tls, host: hostname, port });
  }
  return connectTcp({ host: hostname, port, noDelay: true });
}

/** Says which address it was, without its query: that is where tokens are. */
function describeAnswer(error: HandshakeError, { secure, host, target }: ConnectAddress): HandshakeError {
  if (error.code !== 'BAD_STATUS') return error;
  const url = `${secure ? 'wss' : 'ws'}://${host}${target.split('?', 1)[0]}`;
  return new HandshakeError(error.code, `${url}: ${error.message}`, { status: error.status });
}
