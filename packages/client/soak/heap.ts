import { parseArgs } from 'node:util';
import { startHeapLoad } from './heap-load.ts';
import { HeapWatch } from './heap-watch.ts';

/**
 * `npm run soak:heap`: calls and streams without number over one session, and what is left of them on the heap when its
 * garbage is collected. Ends with 1 when that grows.
 */
const { values } = parseArgs({
  options: { calls: { type: 'string', default: '1000000' }, streams: { type: 'string', default: '100000' } },
});
const ROUNDS = 12;
/** Warm code and full caches; an entry that stays in a table for each of the calls is many times this. */
const MAX_GROWTH_BYTES = 1_048_576;

const watch = new HeapWatch();
const load = await startHeapLoad();
for (let round = 0; round < ROUNDS; round++) {
  await load.calls(Math.ceil(Number(values.calls) / ROUNDS));
  await load.streams(Math.ceil(Number(values.streams) / ROUNDS));
  watch.sample();
}
await load.close();
console.log(`${values.calls} calls and ${values.streams} streams: ${watch.describe()}`);
if (watch.growthBytes > MAX_GROWTH_BYTES) {
  console.error(`VIOLATION the heap grew by ${watch.growthBytes} bytes`);
  process.exitCode = 1;
}
