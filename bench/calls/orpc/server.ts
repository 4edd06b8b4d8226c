import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { RPCHandler } from '@orpc/server/ws';
import { WebSocketServer } from 'ws';
import { runServer } from '../../harness/server-child.ts';
import { router } from './router.ts';

runServer(async () => {
  const handler = new RPCHandler(router);
  const wss = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  wss.on('connection', (socket) => handler.upgrade(socket));
  await once(wss, 'listening');
  return (wss.address() as AddressInfo).port;
});
