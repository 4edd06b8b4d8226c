import { once } from 'node:events';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import type { RouterClient } from '@orpc/server';
import { WebSocket } from 'ws';
import { runLoad } from '../../harness/load-child.ts';
import type { CallClient } from '../call-client.ts';
import type { CallParams } from '../call-params.ts';
import { driveCalls } from '../drive.ts';
import type { router } from './router.ts';

runLoad<CallParams>((port, params) => driveCalls(params, () => open(port)));

async function open(port: number): Promise<CallClient> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}`);
  await once(socket, 'open');
  // Node 20 has no WebSocket of its own.
  const link = new RPCLink({ websocket: socket as unknown as globalThis.WebSocket });
  const orpc: RouterClient<typeof router> = createORPCClient(link);
  return {
    add: (a, b) => orpc.add({ a, b }),
    echo: (order) => orpc.echo(order),
  };
}
