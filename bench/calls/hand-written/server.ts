import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { runServer } from '../../harness/server-child.ts';
import type { Answer, Question } from './messages.ts';

const methods: Record<string, (params: never) => unknown> = {
  add: ({ a, b }: { a: number; b: number }) => a + b,
  echo: (order: unknown) => order,
};

runServer(async () => {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  server.on('connection', (socket) => {
    socket.on('message', (data: Buffer) => {
      const question = JSON.parse(data.toString()) as Question;
      const result = methods[question.method]?.(question.params as never);
      const answer: Answer = { id: question.id, result };
      socket.send(JSON.stringify(answer));
    });
  });
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
});
