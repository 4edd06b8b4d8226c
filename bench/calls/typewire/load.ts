import { createClient } from '@typewire/client';
import { runLoad } from '../../harness/load-child.ts';
import type { CallClient } from '../call-client.ts';
import type { CallParams } from '../call-params.ts';
import { driveCalls } from '../drive.ts';
import type { router } from './router.ts';

runLoad<CallParams>((port, params) => driveCalls(params, () => open(port)));

async function open(port: number): Promise<CallClient> {
  const wire = createClient<typeof router>({ url: `ws://127.0.0.1:${port}/wire` });
  await wire.api.add.query({ a: 0, b: 0 }); // calls wait for the connection, so this one proves it is open
  return {
    add: (a, b) => wire.api.add.query({ a, b }),
    echo: (order) => wire.api.echo.query(order),
  };
}
