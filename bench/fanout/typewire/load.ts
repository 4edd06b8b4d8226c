import { createClient } from '@typewire/client';
import { runLoad } from '../../harness/load-child.ts';
import { driveFanOut, type FanClient } from '../drive.ts';
import type { FanParams } from '../fan-params.ts';
import type { router } from './router.ts';

runLoad<FanParams>((port, params) => driveFanOut(params, async () => open(port)));

function open(port: number): FanClient {
  const wire = createClient<typeof router>({ url: `ws://127.0.0.1:${port}/wire` });
  return {
    async subscribe(name, heard) {
      const subscription = wire.api.topic.subscribe({ name });
      subscription.on('event', (event) => heard(event));
      await new Promise<void>((resolve) => {
        if (subscription.status.state === 'live') resolve();
        else subscription.on('status', ({ state }) => state === 'live' && resolve());
      });
    },
    publish: (index) => void wire.api.publish.mutate(index),
  };
}
