import { typewire } from '@typewire/server';
import { z } from 'zod';

const t = typewire<{ name: string }>();
const Message = z.object({ from: z.string(), text: z.string(), at: z.date() });

const room = t.channel({
  event: Message,
  presence: z.object({ name: z.string() }),
  history: { size: 20 }, // what a client that was away can recover
  subscribe: () => true,
});

export const api = t.router({
  room,
  say: t.input(z.string().min(1)).mutation(async ({ input, ctx, publish }) => {
    await publish(room(), { from: ctx.name, text: input, at: new Date() });
  }),
});
