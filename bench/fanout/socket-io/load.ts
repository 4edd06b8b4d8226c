import { io } from 'socket.io-client';
import { runLoad } from '../../harness/load-child.ts';
import { driveFanOut, type FanClient } from '../drive.ts';
import type { FanParams } from '../fan-params.ts';

runLoad<FanParams>((port, params) => driveFanOut(params, () => open(port)));

async function open(port: number): Promise<FanClient> {
  // forceNew: by default sockets to one host share a connection.
  const socket = io(`http://127.0.0.1:${port}`, { transports: ['websocket'], forceNew: true });
  await new Promise<void>((resolve) => socket.once('connect', () => resolve()));
  return {
    async subscribe(topic, heard) {
      if (!socket.hasListeners('event')) socket.on('event', heard);
      await socket.emitWithAck('subscribe', topic);
    },
    publish: (index) => void socket.emit('publish', index),
  };
}
