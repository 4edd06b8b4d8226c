import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { applyWSSHandler } from '@trpc/server/adapters/ws';
import { WebSocketServer } from 'ws';
import { runServer } from '../../harness/server-child.ts';
import { router } from './router.ts';

runServer(async () => {
  const wss = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  applyWSSHandler({ wss, router });
  await once(wss, 'listening');
  return (wss.address() as AddressInfo).port;
});
