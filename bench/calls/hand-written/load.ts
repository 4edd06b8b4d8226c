import { once } from 'node:events';
import { WebSocket } from 'ws';
import { runLoad } from '../../harness/load-child.ts';
import type { CallClient } from '../call-client.ts';
import type { CallParams } from '../call-params.ts';
import { driveCalls } from '../drive.ts';
import type { OrderValue } from '../order.ts';
import type { Answer, Question } from './messages.ts';

runLoad<CallParams>((port, params) => driveCalls(params, () => open(port)));

async function open(port: number): Promise<CallClient> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}`);
  const waiting = new Map<number, (result: never) => void>();
  let nextId = 0;
  socket.on('message', (data: Buffer) => {
    const answer = JSON.parse(data.toString()) as Answer;
    waiting.get(answer.id)?.(answer.result as never);
    waiting.delete(answer.id);
  });
  await once(socket, 'open');

  const call = <Result>(method: string, params: unknown) =>
    new Promise<Result>((resolve) => {
      const question: Question = { id: nextId++, method, params };
      waiting.set(question.id, resolve);
      socket.send(JSON.stringify(question));
    });
  return {
    add: (a, b) => call<number>('add', { a, b }),
    echo: (order) => call<OrderValue>('echo', order),
  };
}
