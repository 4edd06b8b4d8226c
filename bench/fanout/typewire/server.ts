import { createWire } from '@typewire/server';
import { listen } from '@typewire/server/node';
import { runServer } from '../../harness/server-child.ts';
import { router } from './router.ts';

runServer(async () => {
  const server = await listen(createWire({ router }), { host: '127.0.0.1', port: 0 });
  return server.port;
});
