import { typewire } from '@typewire/server';
import { z } from 'zod';

const t = typewire();

/** What the components of these tests use. */
export const room = t.channel({
  params: z.object({ room: z.string(), tags: z.array(z.string()).optional() }),
  event: z.string(),
  presence: z.object({ name: z.string() }),
  history: { size: 200 },
  subscribe: ({ params }) => params.room !== 'secret',
});

export const board = t.channel({
  event: z.string(),
  subscribe: () => true,
  snapshot: () => ({ strokes: ['first'] }),
});

export const router = t.router({
  room,
  board,
  send: t
    .input(z.object({ text: z.string() }))
    .errors({ TOO_LONG: z.object({ limit: z.number() }) })
    .mutation(({ input, fail }) => {
      if (input.text.length > 10) throw fail('TOO_LONG', { limit: 10 });
      return { sent: input.text };
    }),
  echo: t
    .input(z.object({ text: z.string() }))
    .errors({ EMPTY: z.object({ least: z.number() }) })
    .query(({ input, fail }) => {
      if (input.text === '') throw fail('EMPTY', { least: 1 });
      return input;
    }),
  wait: t.query(({ signal }) => new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))),
  count: t.input(z.object({ to: z.number(), from: z.date().optional() })).stream(async function* ({ input }) {
    for (let number = 1; number <= input.to; number++) yield number;
  }),
  endless: t.stream(async function* ({ signal }) {
    yield 'begun';
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
  }),
});
