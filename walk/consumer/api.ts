import { typewire } from '@typewire/server';
import { z } from 'zod';

const t = typewire();

export const room = t.channel({
  params: z.object({ room: z.string() }),
  event: z.object({ text: z.string(), at: z.date() }),
  history: { size: 10 },
  subscribe: () => true,
});

export const api = t.router({
  room,
  add: t.input(z.object({ a: z.number(), b: z.number() })).query(({ input }) => input.a + input.b),
  say: t
    .input(z.object({ text: z.string() }))
    .errors({ TOO_LOUD: z.object({ limit: z.number() }) })
    .mutation(async ({ input, publish, fail }) => {
      if (input.text === input.text.toUpperCase()) throw fail('TOO_LOUD', { limit: 1 });
      const event = { text: input.text, at: new Date() };
      await publish(room({ room: 'lobby' }), event);
      return event;
    }),
});
