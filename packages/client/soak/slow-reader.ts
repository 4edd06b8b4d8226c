import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { createClient } from '../src/index.ts';
import type { SlowReaderApi } from './slow-reader.child.ts';
import { slowly } from './slow-reader-pace.ts';

const { values } = parseArgs({ options: { mib: { type: 'string', default: '1024' } } });
const ITEM_BYTES = 65_536;
const items = (Number(values.mib) * 1_048_576) / ITEM_BYTES;
/** What either end may grow by after its first sixteenth: garbage that waits for its collector, far below what goes through. */
const MAX_GROWTH_MIB = 96;

const server = fork(new URL('./slow-reader.child.ts', import.meta.url), { execArgv: process.execArgv });
const [port] = (await once(server, 'message')) as [number];
const client = createClient<SlowReaderApi>({ url: `ws://127.0.0.1:${port}` });

/** Growth of resident memory of both ends since the warm-up, in MiB. */
class Growth {
  #first: readonly number[] | null = null;
  readonly #max: number[] = [0, 0];

  async look(): Promise<void> {
    const now = [process.memoryUsage.rss(), await client.api.memory.query()];
    this.#first ??= now;
    now.forEach((bytes, end) => {
      const grown = (bytes - (this.#first?.[end] ?? 0)) / 1_048_576;
      this.#max[end] = Math.max(this.#max[end] ?? 0, grown);
    });
  }

  report(what: string): boolean {
    const [here, there] = this.#max.map((mib) => mib.toFixed(1));
    console.log(`${what}: ${values.mib} MiB through; client grew ${here} MiB, server ${there} MiB`);
    return this.#max.every((mib) => mib <= MAX_GROWTH_MIB);
  }
}

async function down(): Promise<boolean> {
  const growth = new Growth();
  let count = 0;
  for await (const item of client.api.down.stream({ items, bytes: ITEM_BYTES })) {
    if (item.length !== ITEM_BYTES || item[0] !== count % 256) throw new Error(`item ${count} is not what was sent`);
    if (++count % (items / 16) === 0) await growth.look();
    await slowly();
  }
  return growth.report('a slow reader of a stream') && count === items;
}

async function up(): Promise<boolean> {
  const growth = new Growth();
  const upload = async function* (): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    for (let index = 0; index < items; index++) {
      if (index > 0 && index % (items / 16) === 0) await growth.look();
      await turn();
      yield new Uint8Array(ITEM_BYTES).fill(index);
    }
  };
  const bytes = await client.api.up.mutate(undefined, { upload: upload(), timeoutMs: Number.POSITIVE_INFINITY });
  return growth.report('a slow reader of an upload') && bytes === items * ITEM_BYTES;
}

const flat = [await down(), await up()];
await client.close();
server.disconnect();
process.exitCode = flat.every(Boolean) ? 0 : 1;
