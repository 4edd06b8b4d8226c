import { setTimeout as pause } from 'node:timers/promises';
import type { FaultyProxy } from './faulty-proxy.ts';
import type { HeapWatch } from './heap-watch.ts';
import type { Servers } from './servers.ts';

const LONGEST_PAUSE_MS = 5_000;

/** Restarts with and without a word, and times without any server: one of each at least, then until `forMs` are over. */
export async function breakThings(
  forMs: number,
  proxy: FaultyProxy,
  servers: Servers,
  random: () => number,
  heap: HeapWatch,
): Promise<Map<string, number>> {
  const done = new Map<string, number>();
  const until = performance.now() + forMs;
  const pauseMs = Math.min(LONGEST_PAUSE_MS, forMs / 4);
  const kinds = ['drain', 'kill', 'outage'] as const;
  for (let turn = 0; ; turn++) {
    const remainingMs = until - performance.now();
    const isLast = turn >= kinds.length && remainingMs <= pauseMs;
    await pause(isLast ? Math.max(0, remainingMs) : pauseMs * (0.5 + random()));
    heap.sample();
    if (isLast) return done;
    const kind = kinds[turn % kinds.length] ?? 'drain';
    done.set(kind, (done.get(kind) ?? 0) + 1);
    if (kind === 'outage') {
      const { target } = proxy;
      proxy.target = null;
      await pause(random() * Math.min(3_000, pauseMs));
      proxy.target = target;
      continue;
    }
    const { current } = servers;
    const port = await servers.next();
    if (kind === 'kill') {
      // For a while there is nobody to connect to.
      await current.kill();
      await pause(random() * 300);
      proxy.target = port;
    } else {
      proxy.target = port;
      await current.drain();
    }
  }
}
