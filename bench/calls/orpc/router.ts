import { os } from '@orpc/server';
import { z } from 'zod';
import { Order } from '../order.ts';

export const router = {
  add: os.input(z.object({ a: z.number(), b: z.number() })).handler(({ input }) => input.a + input.b),
  echo: os.input(Order).handler(({ input }) => input),
};
