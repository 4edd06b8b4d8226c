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

/** One topic for each room. Its history brings newcomers up to date, and those who were disconnected. */
export const room = t.channel({
  params: z.object({ room: RoomName }),
  event: Message,
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

  /** Being in a room: the stream yields who is there, and one is there for as long as one reads it. */
  attend: member.input(z.object({ room: RoomName })).stream(async function* ({ input, ctx, signal }) {
    const attended = rooms.open(input.room);
    const leave = attended.enter(ctx.user.name);
    try {
      // Listening comes before the first `yield`, so that no change falls in between.
      const changes = on(attended, 'change', { signal });
      yield attended.members;
      for await (const _ of changes) yield attended.members;
    } finally {
      leave();
    }
  }),

  /** The rooms somebody is in, again whenever that changes. */
  rooms: t.stream(async function* ({ signal }) {
    const changes = on(rooms, 'change', { signal });
    yield rooms.summaries;
    for await (const _ of changes) yield rooms.summaries;
  }),
});
