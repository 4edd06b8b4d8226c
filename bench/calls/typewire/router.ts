import { typewire } from '@typewire/server';
import { z } from 'zod';
import { Order } from '../order.ts';

const t = typewire();

export const router = t.router({
  add: t.input(z.object({ a: z.number(), b: z.number() })).query(({ input }) => input.a + input.b),
  echo: t.input(Order).query(({ input }) => input),
});
