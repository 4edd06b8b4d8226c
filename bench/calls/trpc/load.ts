import { createTRPCClient, createWSClient, wsLink } from '@trpc/client';
import { WebSocket } from 'ws';
import { runLoad } from '../../harness/load-child.ts';
import type { CallClient } from '../call-client.ts';
import type { CallParams } from '../call-params.ts';
import { driveCalls } from '../drive.ts';
import type { router } from './router.ts';

runLoad<CallParams>((port, params) => driveCalls(params, () => open(port)));

async function open(port: number): Promise<CallClient> {
  const client = await new Promise<ReturnType<typeof createWSClient>>((resolve) => {
    const opening = createWSClient({
      url: `ws://127.0.0.1:${port}`,
      // Node 20 has no WebSocket of its own; ws is what tRPC's documentation passes.
      WebSocket: WebSocket as unknown as typeof globalThis.WebSocket,
      onOpen: () => resolve(opening),
    });
  });
  const trpc = createTRPCClient<typeof router>({ links: [wsLink({ client })] });
  return {
    add: (a, b) => trpc.add.query({ a, b }),
    echo: (order) => trpc.echo.query(order),
  };
}
