import { typewire } from '@typewire/server';
import { z } from 'zod';

const t = typewire();
const Reading = z.object({ number: z.number(), at: z.date() });

let last = 0;

const readings = t.channel({
  event: Reading,
  history: { size: 3 }, // who has missed more than three is told so
  snapshot: () => ({ last }), // and is given the state as it is now
  subscribe: () => true,
});

export const api = t.router({
  readings,
  measure: t.input(z.number().int().positive().max(50)).mutation(async ({ input, publish }) => {
    for (let count = 0; count < input; count++) await publish(readings(), { number: ++last, at: new Date() });
  }),
});
