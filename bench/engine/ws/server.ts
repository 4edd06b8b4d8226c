import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import { runServer } from '../../harness/server-child.ts';
import type { EngineParams } from '../engine-params.ts';

// As its README shows an echo and a broadcast: the bytes of a text message are sent on without ever being made a string.
runServer<EngineParams>(async ({ act }) => {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  server.on('connection', (socket) => {
    socket.on('error', () => {});
    socket.on('message', (data, isBinary) => {
      if (act !== 'broadcast') return socket.send(data, { binary: isBinary });
      for (const client of server.clients) {
        if (client.readyState === WebSocket.OPEN) client.send(data, { binary: isBinary });
      }
    });
  });
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
});
