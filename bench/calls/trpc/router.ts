import { initTRPC } from '@trpc/server';
import { z } from 'zod';
import { Order } from '../order.ts';

const t = initTRPC.create();

export const router = t.router({
  add: t.procedure.input(z.object({ a: z.number(), b: z.number() })).query(({ input }) => input.a + input.b),
  echo: t.procedure.input(Order).query(({ input }) => input),
});
