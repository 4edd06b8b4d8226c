import type { Socket } from 'node:net';
import { createServer, type TLSSocket, type TlsOptions } from 'node:tls';
import type { Arrival } from './receive-handshake.ts';
import type { ConnectionTracker } from './shutdown.ts';

/**
 * Puts TLS between accepted TCP sockets and `onSecure`. A `tls.Server` that never listens does the work, so that all of
 * its options hold, client certificates among them. Who accepts the TCP socket stays in command of limits and time,
 * which have to count from the first packet and not from the end of the TLS handshake.
 */
export function createTlsDoor(
  options: TlsOptions,
  tracker: ConnectionTracker,
  onSecure: (socket: TLSSocket, arrival: Arrival) => void,
): (socket: Socket, arrival: Arrival) => void {
  const waiting = new Map<string, { readonly socket: Socket; readonly arrival: Arrival }>();
  const server = createServer(options, (secure) => {
    // Node names no way from the TLS socket to the one below it; the two ends of the connection are unique.
    const entry = waiting.get(connectionKey(secure));
    if (entry === undefined) {
      secure.on('error', ignore);
      secure.destroy();
      return;
    }
    waiting.delete(connectionKey(secure));
    onSecure(secure, entry.arrival);
    tracker.untrack(entry.socket);
  });
  return (socket, arrival) => {
    const key = connectionKey(socket);
    arrival.deadline.handOver(() => socket.destroy());
    if (!tracker.track(socket, () => socket.destroy())) {
      socket.destroy();
      return;
    }
    waiting.set(key, { socket, arrival });
    socket.once('close', () => {
      if (waiting.get(key)?.socket === socket) waiting.delete(key);
      arrival.deadline.cancel();
    });
    server.emit('connection', socket);
  };
}

function connectionKey(socket: Socket): string {
  return `${socket.localAddress} ${socket.localPort} ${socket.remoteAddress} ${socket.remotePort}`;
}

function ignore(): void {}
