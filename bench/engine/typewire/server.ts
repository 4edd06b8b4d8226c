import { listen, prepareMessage, type WebSocketConnection } from '@typewire/node';
import { runServer } from '../../harness/server-child.ts';
import type { EngineParams } from '../engine-params.ts';

runServer<EngineParams>(async ({ act }) => {
  const listener = await listen({ port: 0, host: '127.0.0.1', maxHalfOpenPerAddress: Number.POSITIVE_INFINITY });
  const everybody = new Set<WebSocketConnection>();
  listener.on('connection', (connection) => {
    if (act === 'broadcast') {
      everybody.add(connection);
      connection.on('message', (message) => {
        const prepared = prepareMessage(message);
        for (const one of everybody) one.sendPrepared(prepared);
      });
    } else {
      connection.on('message', (message) => {
        connection.send(message);
      });
    }
  });
  return listener.port;
});
