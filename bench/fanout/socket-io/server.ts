import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';
import { runServer } from '../../harness/server-child.ts';
import { eventNumber } from '../fan-event.ts';
import { everybody } from '../fan-params.ts';

runServer(async () => {
  const http = createServer();
  const server = new Server(http, { transports: ['websocket'], serveClient: false });
  server.on('connection', (socket) => {
    socket.on('subscribe', (topic: string, answer: () => void) => {
      void socket.join(topic);
      answer();
    });
    socket.on('publish', (index: number) => server.to(everybody).emit('event', eventNumber(index)));
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  return (http.address() as AddressInfo).port;
});
