import { io } from 'socket.io-client';
import { runLoad } from '../../harness/load-child.ts';
import type { CallClient } from '../call-client.ts';
import type { CallParams } from '../call-params.ts';
import { driveCalls } from '../drive.ts';

runLoad<CallParams>((port, params) => driveCalls(params, () => open(port)));

async function open(port: number): Promise<CallClient> {
  // forceNew: by default sockets to one host share a connection, and 50 clients would be one.
  const socket = io(`http://127.0.0.1:${port}`, { transports: ['websocket'], forceNew: true });
  await new Promise<void>((resolve) => socket.once('connect', () => resolve()));
  return {
    add: (a, b) => socket.emitWithAck('add', { a, b }),
    echo: (order) => socket.emitWithAck('echo', order),
  };
}
