import { createServer, type Socket } from 'node:net';
import type { TlsOptions } from 'node:tls';
import { HandshakeError, type HeadLimits, RequestHeadParser, UsageError, writeRefusal } from '@typewire/frame';
import { Deadline } from './deadline.ts';
import { HalfOpenGate, type HalfOpenLimits } from './half-open-gate.ts';
import { type Arrival, type Reception, receiveHandshake } from './receive-handshake.ts';
import { ConnectionTracker } from './shutdown.ts';
import { createTlsDoor } from './tls-door.ts';
import { createUpgradePolicy, type UpgradeOptions } from './upgrade-options.ts';
import { WebSocketListener } from './web-socket-listener.ts';

/** Options of {@link listen}. */
export interface ListenOptions extends Omit<UpgradeOptions, 'onRefused' | 'tracker'>, HeadLimits, HalfOpenLimits {
  /** Port, or 0 for any free one. */
  port: number;
  /** Address to listen on; without it all of them. */
  host?: string;
  /** Certificate, key and what else `node:tls` takes: with it the server speaks `wss`. */
  tls?: TlsOptions;
  /** Counts the handshakes under way. Share one between listeners to limit the process. @default a new one */
  halfOpenGate?: HalfOpenGate;
}

/**
 * Serves WebSocket on a TCP port of its own, without an HTTP server. Resolves once it listens; rejects with Node's own
 * error when it cannot, such as `EADDRINUSE`.
 *
 * @throws {UsageError} `BAD_OPTION`, at once.
 */
export function listen(options: ListenOptions): Promise<WebSocketListener> {
  const { port, host, tls, halfOpenGate: gate = new HalfOpenGate(options) } = options;
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new UsageError('BAD_OPTION', 'port must be an integer from 0 to 65535');
  }
  new RequestHeadParser(options); // Throws for unusable limits, now rather than at the first peer.
  const tracker = new ConnectionTracker(options);
  const reception: Reception = {
    headLimits: options,
    policy: createUpgradePolicy({
      ...options,
      tracker,
      onRefused: (...refusal) => listener.emit('refused', ...refusal),
    }),
    onConnection: (connection, request) => listener.emit('connection', connection, request),
  };
  const { handshakeTimeoutMs, startTimer } = reception.policy;
  const receive = (socket: Socket, arrival: Arrival) => receiveHandshake(socket, arrival, reception);
  const open = tls === undefined ? receive : createTlsDoor(tls, tracker, receive);

  // Half-open TCP below TLS would hide from Node that a peer left in the middle of the TLS handshake.
  const server = createServer({ allowHalfOpen: tls === undefined, noDelay: true }, (socket) => {
    socket.on('error', ignore);
    const leave = gate.enter(socket.remoteAddress);
    if (leave === null) {
      const busy = new HandshakeError('UNAVAILABLE', 'Too many handshakes are under way.');
      refuseBusy(socket, tls === undefined ? writeRefusal(503, busy.message) : null);
      listener.emit('refused', busy, null);
      return;
    }
    socket.on('close', leave);
    open(socket, { leave, deadline: new Deadline(startTimer, handshakeTimeoutMs, () => socket.destroy()) });
  });
  const listener = new WebSocketListener(server, tracker);
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, ...(host === undefined ? {} : { host }) }, () => {
      server.off('error', reject);
      server.on('error', (error) => listener.emit('error', error));
      resolve(listener);
    });
  });
}

/** Whoever floods us is not waited for: the answer may get lost, the socket may not stay. */
function refuseBusy(socket: Socket, response: string | null): void {
  if (response === null) {
    socket.destroy();
    return;
  }
  socket.end(response);
  socket.destroySoon();
}

function ignore(): void {}
