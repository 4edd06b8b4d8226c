import { typewire } from '@typewire/server';
import { z } from 'zod';

// What the snippets of the client's pages import as `./api.ts`.
const t = typewire();

const room = t.channel({
  params: z.object({ room: z.string() }),
  event: z.object({ id: z.string(), text: z.string(), at: z.date() }),
  history: { size: 100 },
  subscribe: () => true,
});

export const api = t.router({
  now: t.query(() => new Date()),
  room,
  say: t.input(z.object({ room: z.string(), text: z.string() })).mutation(async ({ input, publish, requestId }) => {
    const message = { id: requestId, text: input.text, at: new Date() };
    await publish(room({ room: input.room }), message);
    return message;
  }),
  chat: {
    room: t.channel({
      params: z.object({ room: z.string() }),
      event: z.object({ from: z.string(), text: z.string(), at: z.date() }),
      history: { size: 100 },
      subscribe: () => true,
    }),
    send: t.input(z.object({ room: z.string(), text: z.string() })).mutation(({ requestId }) => requestId),
  },
  complete: t.input(z.object({ prompt: z.string() })).stream(async function* ({ input }) {
    yield input.prompt;
  }),
});
