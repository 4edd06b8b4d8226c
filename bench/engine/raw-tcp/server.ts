import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { runServer } from '../../harness/server-child.ts';

const answer = 'HTTP/1.1 101 Switching Protocols\r\n\r\n';

// No WebSocket at all: what a Node server pays for reading and writing, whatever it speaks.
runServer(async () => {
  const server = createServer({ noDelay: true }, (socket) => {
    socket.on('error', () => {});
    socket.once('data', () => {
      socket.write(answer, 'latin1');
      socket.on('data', (chunk) => socket.write(chunk));
    });
  });
  server.listen({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
});
