import { on } from 'node:events';
import { typewire } from '@typewire/server';
import { z } from 'zod';
import { Message } from './message.ts';
import { RoomName } from './names.ts';
import { Rooms } from './rooms.ts';

/** What `authenticate` found out about a connection; every handler and rule gets it as `ctx`. */
export interface Context {
  /** `null` for a visitor, who may see which rooms there are, but not enter. */
  readonly user: { readonly name: string } | null;
}

const t = typewire<Context>();

/** Whatever is built on it runs for people with a name only, and sees `ctx.user` without the `null`. */
const member = t.use(({ ctx, next, fail }) => {
  if (ctx.user === null) throw fail('UNAUTHORIZED', 'choose a name first');
  return next({ user: ctx.user });
});

const rooms = new Rooms();

/**
 * One topic for each room. Its history brings newcomers up to date, and those who were disconnected; its presence says
 * who is there and who is typing. Names are not part of that state: each member comes with the subject of its connection,
 * which nobody chooses for somebody else.
 */
export const room = t.channel({
  params: z.object({ room: RoomName }),
  event: Message,
  presence: z.object({ typing: z.boolean() }),
  history: { size: 100, ttlMs: 3_600_000 },
  subscribe: ({ ctx }) => ctx.user !== null,
});

/** All there is to call and to follow. The client imports its type, and nothing else. */
export const api = t.router({
  room,

  send: member
    .input(z.object({ room: RoomName, id: z.string().min(1).max(40), text: z.string().trim().min(1).max(2_000) }))
    .mutation(async ({ input, ctx, publish }): Promise<Message> => {
      const message = { id: input.id, from: ctx.user.name, text: input.text, at: new Date() };
      await publish(room({ room: input.room }), message);
      return message;
    }),

  /** The rooms somebody is in, again whenever that changes. Whoever reads it from a room counts in it as long as they do. */
  rooms: t.input(z.object({ from: RoomName })).stream(async function* ({ input, ctx, signal }) {
    const leave = ctx.user === null ? () => {} : rooms.open(input.from).enter(ctx.user.name);
    try {
      // Listening comes before the first `yield`, so that no change falls in between.
      const changes = on(rooms, 'change', { signal });
      yield rooms.summaries;
      for await (const _ of changes) yield rooms.summaries;
    } finally {
      leave();
    }
  }),
});
