import { typewire } from '@typewire/server';
import { z } from 'zod';

// What the snippets of the client's pages import as `./api.ts`.
const t = typewire();

export const api = t.router({
  chat: {
    room: t.channel({
      params: z.object({ room: z.string() }),
      event: z.object({ from: z.string(), text: z.string(), at: z.date() }),
      presence: z.object({ name: z.string() }),
      history: { size: 100 },
      subscribe: () => true,
    }),
    send: t.input(z.object({ room: z.string(), text: z.string() })).mutation(({ requestId }) => requestId),
  },
  now: t.query(() => new Date()),
  complete: t.input(z.object({ prompt: z.string() })).stream(async function* ({ input }) {
    yield input.prompt;
  }),
});
