import { typewire } from '@typewire/server';
import { z } from 'zod';

const t = typewire();
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

export const api = t.router({
  divide: t
    .input(z.object({ dividend: z.number(), divisor: z.number() }))
    .errors({ BY_ZERO: z.object({ dividend: z.number() }) })
    .query(({ input: { dividend, divisor }, fail }) => {
      if (divisor === 0) throw fail('BY_ZERO', { dividend });
      return { quotient: dividend / divisor, at: new Date() };
    }),

  count: t.input(z.number().int().positive().max(20)).stream(async function* ({ input }) {
    for (let left = input; left > 0; left--) {
      yield left; // no further than here once the caller has left
      await pause(700);
    }
  }),
});
