import { setTimeout as wait } from 'node:timers/promises';
import { typewire } from '@typewire/server';
import { z } from 'zod';
import { Health, HealthMeter } from './health.ts';
import { plant } from './plant.ts';
import { MACHINES, Reading } from './reading.ts';

export interface Context {
  countConnections(): number;
}

const t = typewire<Context>();

/**
 * All machines on one topic, for an overview: of what a machine says within half a second only the newest goes out, once for all
 * who look. A page begins with the snapshot, and one that cannot keep up is given the newest of each machine.
 */
export const overview = t.channel({
  event: Reading,
  snapshot: () => [...plant.latest],
  key: ({ machine }) => String(machine),
  conflateMs: 500,
  overflow: 'latest-per-key',
  subscribe: () => true,
});

/** One machine, for a look at it: every reading, and the last half minute at once. */
export const machine = t.channel({
  params: z.object({
    machine: z
      .number()
      .int()
      .min(0)
      .max(MACHINES - 1),
  }),
  event: Reading,
  history: { size: 300, ttlMs: 60_000 },
  overflow: 'drop-oldest',
  subscribe: () => true,
});

export const api = t.router({
  overview,
  machine,

  /** How this server does, twice a second, as long as somebody looks. */
  health: t.output(Health).stream(async function* ({ ctx, signal }) {
    const meter = new HealthMeter(plant.told);
    try {
      for (;;) {
        await wait(500, undefined, { signal });
        yield meter.next({ told: plant.told, connections: ctx.countConnections() });
      }
    } finally {
      meter.stop();
    }
  }),

  /** Asks for nothing: what it takes is the way there and back. */
  ping: t.query(() => null),

  /** Readings a second, for everybody who looks. */
  setRate: t.input(z.object({ rate: z.number().int().min(10).max(5_000) })).mutation(({ input }) => {
    plant.rate = input.rate;
  }),

  /** Keeps the server's one thread busy, so that one can watch what that does to everybody. */
  block: t.mutation(() => {
    const until = performance.now() + 250;
    while (performance.now() < until);
  }),
});
