import { listen } from '@typewire/node';
import { runServer } from '../../harness/server-child.ts';

runServer(async () => {
  const listener = await listen({ port: 0, host: '127.0.0.1' });
  listener.on('connection', (connection) => {
    connection.on('message', (message) => {
      connection.send(message);
    });
  });
  return listener.port;
});
