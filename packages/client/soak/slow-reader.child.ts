import { setImmediate as turn } from 'node:timers/promises';
import { createWire, typewire } from '@typewire/server';
import { listen } from '@typewire/server/node';
import { z } from 'zod';
import { slowly } from './slow-reader-pace.ts';

const t = typewire();
const router = t.router({
  down: t.input(z.object({ items: z.number(), bytes: z.number() })).stream(async function* ({ input }) {
    for (let index = 0; index < input.items; index++) {
      await turn();
      yield new Uint8Array(input.bytes).fill(index);
    }
  }),
  up: t.upload(z.instanceof(Uint8Array)).mutation(async ({ incoming }) => {
    let bytes = 0;
    for await (const chunk of incoming) {
      await slowly();
      bytes += chunk.length;
    }
    return bytes;
  }),
  /** Resident memory of this process, in bytes. */
  memory: t.query(() => process.memoryUsage.rss()),
});
export type SlowReaderApi = typeof router;

/** Serves until its parent is gone, and tells it where. */
const server = await listen(createWire({ router }), { host: '127.0.0.1', port: 0 });
process.send?.(server.port);
process.on('disconnect', () => process.exit());
