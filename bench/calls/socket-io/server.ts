import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';
import { runServer } from '../../harness/server-child.ts';
import type { OrderValue } from '../order.ts';

runServer(async () => {
  const http = createServer();
  const server = new Server(http, { transports: ['websocket'], serveClient: false });
  server.on('connection', (socket) => {
    socket.on('add', ({ a, b }: { a: number; b: number }, answer: (sum: number) => void) => answer(a + b));
    socket.on('echo', (order: OrderValue, answer: (order: OrderValue) => void) => answer(order));
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  return (http.address() as AddressInfo).port;
});
