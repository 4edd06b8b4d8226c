import { contract } from '@typewire/core';
import { typewire } from '@typewire/server';
import { expectTypeOf, test } from 'vitest';
import { z } from 'zod';
import {
  type CallError,
  type createClient,
  type InferErrors,
  type InferInput,
  type InferOutput,
  type Position,
  safe,
} from '../src/index.ts';

interface Context {
  readonly user: { readonly id: string } | null;
}
const t = typewire<Context>();
const member = t.use(({ ctx, next, fail }) => {
  if (ctx.user === null) throw fail('UNAUTHORIZED');
  return next({ user: ctx.user });
});
const room = t.channel({
  params: z.object({ room: z.string() }),
  event: z.object({ text: z.string(), at: z.date().default(() => new Date(0)) }),
  subscribe: ({ ctx, params }) => ctx.user?.id === params.room,
});
const api = t.router({
  now: t.query(() => new Date()),
  chat: {
    room,
    news: t.channel({ event: z.string() }),
    send: member
      .input(z.object({ text: z.string(), page: z.coerce.number().optional() }))
      .errors({ ROOM_FULL: z.object({ limit: z.number() }) })
      .mutation(({ input, ctx, fail }) => {
        expectTypeOf(input).toEqualTypeOf<{ text: string; page?: number | undefined }>();
        expectTypeOf(ctx.user).toEqualTypeOf<{ readonly id: string }>();
        if (input.text === '') throw fail('ROOM_FULL', { limit: 1 });
        // @ts-expect-error -- the data of a declared error is typed
        fail('ROOM_FULL', { limit: 'one' });
        // @ts-expect-error -- not declared, and not a general code
        fail('ROOM_EMPTY');
        return { id: ctx.user.id };
      }),
  },
  checked: t.output(z.object({ at: z.date() })).query(async () => ({ at: new Date() })),
  complete: t.input(z.string()).stream(async function* ({ input }) {
    yield { token: input };
  }),
});
declare const wire: ReturnType<typeof createClient<typeof api>>;

test('a call takes its input and resolves to its output', () => {
  expectTypeOf(wire.api.chat.send.mutate).parameter(0).toEqualTypeOf<{ text: string; page?: unknown }>();
  expectTypeOf(wire.api.chat.send.mutate).returns.resolves.toEqualTypeOf<{ id: string }>();
  expectTypeOf(wire.api.now.query()).resolves.toEqualTypeOf<Date>();
  expectTypeOf(wire.api.checked.query()).resolves.toEqualTypeOf<{ at: Date }>();
});

test('a channel with a snapshot gives the state its handler returns', () => {
  const t = typewire<{ user: string }>();
  const room = t.channel({
    params: z.object({ room: z.string() }),
    event: z.string(),
    subscribe: () => true,
    snapshot: async ({ params, ctx, fail }) => {
      expectTypeOf(params).toEqualTypeOf<{ room: string }>();
      expectTypeOf(ctx.user).toEqualTypeOf<string>();
      if (params.room === '') throw fail('NOT_FOUND');
      return { topic: 'tea', since: new Date() };
    },
  });
  const quiet = t.channel({ event: z.string() });
  const router = t.router({ room, quiet });
  const client = {} as ReturnType<typeof createClient<typeof router>>;
  const subscription = client.api.room.subscribe({ room: 'lobby' });
  expectTypeOf(subscription.snapshot).toEqualTypeOf<{ topic: string; since: Date } | undefined>();
  subscription.on('snapshot', (state, { offset }) => {
    expectTypeOf(state.since).toEqualTypeOf<Date>();
    expectTypeOf(offset).toEqualTypeOf<number>();
  });
  expectTypeOf(client.api.quiet.subscribe().snapshot).toEqualTypeOf<undefined>();
});

test('presence takes what its schema takes, and shows what it gives', () => {
  const t = typewire<{ user: string }>();
  const Member = z.object({ name: z.string(), since: z.string().transform((text) => new Date(text)) });
  const params = z.object({ room: z.string() });
  const plain = t.channel({ event: z.string(), presence: Member });
  const ruled = t.channel({
    params,
    event: z.string(),
    presence: {
      state: Member,
      see: ({ ctx, params: { room } }) => {
        expectTypeOf(room).toEqualTypeOf<string>();
        return ctx.user !== '';
      },
      graceMs: 1_000,
    },
  });
  const none = t.channel({ event: z.string() });
  const router = t.router({ plain, ruled, none });
  const client = {} as ReturnType<typeof createClient<typeof router>>;
  for (const { presence } of [client.api.plain.subscribe(), client.api.ruled.subscribe({ room: 'lobby' })]) {
    expectTypeOf(presence.members).toEqualTypeOf<ReadonlyMap<string, { name: string; since: Date }>>();
    presence.update({ name: 'Ann', since: '2026' });
    // @ts-expect-error -- the schema takes text
    presence.update({ name: 'Ann', since: new Date() });
    presence.on('join', (id, { since }) => {
      expectTypeOf(id).toEqualTypeOf<string>();
      expectTypeOf(since).toEqualTypeOf<Date>();
    });
  }
  // @ts-expect-error -- nobody can be present there
  client.api.none.subscribe().presence.update({ name: 'Ann', since: '' });
});

test('a stream is an async iterator of its items', async () => {
  for await (const item of wire.api.complete.stream('x')) expectTypeOf(item).toEqualTypeOf<{ token: string }>();
});

test('a subscription takes parameters and hears the output of the event schema', () => {
  const lobby = wire.api.chat.room.subscribe({ room: 'lobby' });
  lobby.on('event', (event, { offset }) => {
    expectTypeOf(event).toEqualTypeOf<{ text: string; at: Date }>();
    expectTypeOf(offset).toEqualTypeOf<number>();
  });
  expectTypeOf(lobby.publish).parameter(0).toEqualTypeOf<{ text: string; at?: Date | undefined }>();
  expectTypeOf(lobby.publish).returns.resolves.toEqualTypeOf<Position>();
  expectTypeOf(lobby.history).returns.resolves.toExtend<{ readonly more: boolean }>();
  void lobby.publish({ text: 'hi' }, { idempotencyKey: true, exclude: 'self' });
  // @ts-expect-error -- a client can leave out nobody but itself
  void lobby.publish({ text: 'hi' }, { exclude: 'somebody' });
  lobby.on('gap', (position, { missed }) => {
    expectTypeOf(position).toEqualTypeOf<Position>();
    expectTypeOf(missed).toEqualTypeOf<number | null>();
  });
  expectTypeOf(wire.api.chat.news.subscribe().publish).parameter(0).toEqualTypeOf<string>();
});

test('safe narrows declared errors by their code', async () => {
  const result = await safe(wire.api.chat.send.mutate({ text: 'hi' }));
  if (result.ok) expectTypeOf(result.value).toEqualTypeOf<{ id: string }>();
  else if (result.error.code === 'ROOM_FULL') expectTypeOf(result.error.data).toEqualTypeOf<{ limit: number }>();
  else expectTypeOf(result.error.data).toEqualTypeOf<unknown>();
});

test('types of a member can be drawn from it', () => {
  type Send = (typeof api)['~tree']['chat']['send'];
  expectTypeOf<InferInput<Send>>().toEqualTypeOf<{ text: string; page?: unknown }>();
  expectTypeOf<InferOutput<Send>>().toEqualTypeOf<{ id: string }>();
  expectTypeOf<InferErrors<Send>['ROOM_FULL']>().toEqualTypeOf<{ limit: number }>();
  expectTypeOf<InferOutput<typeof room>>().toEqualTypeOf<{ text: string; at: Date }>();
});

test('a contract without handlers types a client all the same', () => {
  const shared = contract.router({
    send: contract.input(z.string()).output(z.number()).errors({ FULL: z.null() }).mutation(),
    news: contract.channel({ event: z.string() }),
  });
  const client = {} as ReturnType<typeof createClient<typeof shared>>;
  expectTypeOf(client.api.send.mutate).returns.resolves.toEqualTypeOf<number>();
  client.api.news.subscribe().on('event', (event) => expectTypeOf(event).toEqualTypeOf<string>());
  void client.api.send.mutate('x').catch((error: CallError) => error.delivery);
});

test('mistakes do not compile', () => {
  // @ts-expect-error -- `text` is required
  void wire.api.chat.send.mutate({});
  // @ts-expect-error -- a mutation is not a query
  void wire.api.chat.send.query({ text: '' });
  // @ts-expect-error -- a query without an input takes none
  void wire.api.now.query({ page: 1 });
  // @ts-expect-error -- not in the router
  void wire.api.chat.remove.mutate({ id: '1' });
  // @ts-expect-error -- the channel needs its room
  void wire.api.chat.room.subscribe();
  // @ts-expect-error -- a client is not a promise: awaiting it would be a bug
  void wire.then;
  // @ts-expect-error -- the output does not pass its schema
  t.output(z.number()).query(() => 'one');
  // @ts-expect-error -- a topic's event is typed
  void room({ room: 1 });
});
