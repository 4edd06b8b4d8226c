import { typewire } from '@typewire/server';
import { z } from 'zod';

const t = typewire();

/** Clients follow a room; what goes out on it is up to the server. */
const room = t.channel({
  params: z.object({ room: z.string() }),
  event: z.object({ text: z.string(), at: z.date() }),
  history: { size: 100 },
  subscribe: () => true,
});

export const api = t.router({
  room,
  say: t
    .input(z.object({ room: z.string(), text: z.string().min(1).max(2_000) }))
    .mutation(async ({ input, publish }) => {
      const event = { text: input.text, at: new Date() };
      await publish(room({ room: input.room }), event);
      return event;
    }),
});
