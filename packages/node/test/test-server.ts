import { createServer, type Server } from 'node:http';
import type { AddressInfo, Server as TcpServer } from 'node:net';
import type { Duplex } from 'node:stream';
import { acceptUpgrade, type HandshakeError, type UpgradeOptions, type WebSocketConnection } from '@typewire/node';
import { onTestFinished } from 'vitest';

/** An HTTP server on loopback whose upgrades are accepted with `options`; connections echo. */
export interface TestServer {
  readonly http: Server;
  readonly port: number;
  readonly connections: WebSocketConnection[];
  readonly refusals: HandshakeError[];
  /** Sockets that came by an upgrade and are not closed. */
  readonly sockets: Set<Duplex>;
}

export async function startHttpServer(options: UpgradeOptions = {}): Promise<TestServer> {
  const http = createServer((_, response) => response.end('plain http'));
  const connections: WebSocketConnection[] = [];
  const refusals: HandshakeError[] = [];
  const sockets = new Set<Duplex>();
  http.on('upgrade', (request, socket: Duplex, head) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    void acceptUpgrade(request, socket, head, { ...options, onRefused: (error) => refusals.push(error) }).then(
      (connection) => {
        if (connection === null) return;
        connections.push(connection);
        connection.on('message', (message) => connection.send(message));
      },
    );
  });
  const port = await listenOnLoopback(http);
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    http.close();
    http.closeAllConnections();
  });
  return { http, port, connections, refusals, sockets };
}

export async function listenOnLoopback(server: TcpServer): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** Resolves when `condition` holds; looked at after every turn of the event loop. */
export async function eventually(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}
