import { once } from 'node:events';
import { WebSocket } from 'ws';
import { runLoad } from '../../harness/load-child.ts';
import { driveFanOut, type FanClient } from '../drive.ts';
import type { FanEvent } from '../fan-event.ts';
import type { FanParams } from '../fan-params.ts';
import type { FanAnswer, FanRequest } from './messages.ts';

runLoad<FanParams>((port, params) => driveFanOut(params, () => open(port)));

async function open(port: number): Promise<FanClient> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}`);
  await once(socket, 'open');
  const send = (request: FanRequest) => socket.send(JSON.stringify(request));
  const waiting = new Map<string, () => void>();
  let tell: (event: FanEvent) => void = () => {};
  socket.on('message', (data: Buffer) => {
    const message = JSON.parse(data.toString()) as FanAnswer | FanEvent;
    if ('n' in message) return tell(message);
    waiting.get(message.subscribed)?.();
    waiting.delete(message.subscribed);
  });
  return {
    subscribe: (topic, heard) =>
      new Promise((resolve) => {
        tell = heard;
        waiting.set(topic, resolve);
        send({ subscribe: topic });
      }),
    publish: (index) => send({ publish: index }),
  };
}
