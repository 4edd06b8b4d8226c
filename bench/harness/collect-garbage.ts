import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Collects all there is, in Node and in Bun, without a flag on the command line that would be there in time, too. */
export function collectGarbage(): void {
  const { Bun: bun } = globalThis as { Bun?: { gc(synchronous: boolean): void } };
  if (bun !== undefined) return bun.gc(true);
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
}
