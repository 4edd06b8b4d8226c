import type { Client } from '@typewire/client';
import type { CallError } from '@typewire/core';
import { typewire } from '@typewire/server';
import { expectTypeOf, test } from 'vitest';
import { z } from 'zod';
import { skip, useCall, usePresence, useStatus, useStream, useSubscription } from '../src/index.ts';

const t = typewire();
const router = t.router({
  room: t.channel({
    params: z.object({ room: z.string() }),
    event: z.object({ text: z.string(), at: z.date() }),
    presence: z.object({ name: z.string(), since: z.string().transform((text) => new Date(text)) }),
    errors: { BANNED: z.object({ until: z.date() }) },
    snapshot: () => ({ topic: 'tea' }),
    subscribe: () => true,
  }),
  news: t.channel({ event: z.string(), subscribe: () => true }),
  send: t
    .input(z.object({ text: z.string() }))
    .errors({ FULL: z.object({ limit: z.number() }) })
    .mutation(() => ({ id: 'one' })),
  now: t.query(() => new Date()),
  complete: t.input(z.object({ prompt: z.string() })).stream(async function* () {
    yield { token: 'a' };
  }),
  ticks: t.stream(async function* () {
    yield 1;
  }),
});
declare const wire: Client<typeof router>;

test('a subscription has the events, the state and the errors of its channel', () => {
  const { events, latest, since, snapshot, status, error } = useSubscription(wire.api.room, { room: 'lobby' });
  expectTypeOf(events).toEqualTypeOf<ReadonlyArray<{ text: string; at: Date }>>();
  expectTypeOf(since).toEqualTypeOf(events);
  expectTypeOf(latest).toEqualTypeOf<{ text: string; at: Date } | undefined>();
  expectTypeOf(snapshot).toEqualTypeOf<{ topic: string } | undefined>();
  expectTypeOf(status).toEqualTypeOf<'idle' | 'connecting' | 'live' | 'closed'>();
  if (error?.code === 'BANNED') expectTypeOf(error.data.until).toEqualTypeOf<Date>();
  expectTypeOf(useSubscription(wire.api.news).events).toEqualTypeOf<readonly string[]>();
  expectTypeOf(useSubscription(wire.api.news).snapshot).toEqualTypeOf<undefined>();
});

test('parameters are checked, and may be skipped', () => {
  useSubscription(wire.api.room, skip, { keep: 10, rewind: 5 });
  useSubscription(wire.api.news, skip);
  useSubscription(wire.api.news, undefined, { keep: 10 });
  usePresence(wire.api.room, skip);
  useStream(wire.api.complete, skip);
  // @ts-expect-error -- the channel needs its room
  useSubscription(wire.api.room);
  // @ts-expect-error -- a room is text
  useSubscription(wire.api.room, { room: 1 });
  // @ts-expect-error -- a mutation is no channel
  useSubscription(wire.api.send, { text: '' });
  // @ts-expect-error -- the prompt is missing
  useStream(wire.api.complete, {});
});

test('presence shows what its schema gives, and takes what it takes', () => {
  const { members, bySubject, update } = usePresence(wire.api.room, { room: 'lobby' });
  expectTypeOf(members).toEqualTypeOf<ReadonlyMap<string, { name: string; since: Date }>>();
  expectTypeOf(bySubject).toEqualTypeOf<ReadonlyMap<string | null, ReadonlyArray<{ name: string; since: Date }>>>();
  expectTypeOf(update).parameter(0).toEqualTypeOf<{ name: string; since: string }>();
});

test('a stream has its items', () => {
  expectTypeOf(useStream(wire.api.complete, { prompt: '' }).items).toEqualTypeOf<ReadonlyArray<{ token: string }>>();
  expectTypeOf(useStream(wire.api.ticks).latest).toEqualTypeOf<number | undefined>();
});

test('a call has its input, its result and its declared errors', () => {
  const send = useCall(wire.api.send.mutate);
  expectTypeOf(send.run).parameter(0).toEqualTypeOf<{ text: string }>();
  void send.run({ text: '' }, { idempotencyKey: true });
  if (send.status === 'success') expectTypeOf(send.data).toEqualTypeOf<{ id: string }>();
  if (send.status === 'error') {
    expectTypeOf(send.error).toExtend<CallError>();
    if (send.error.code === 'FULL') expectTypeOf(send.error.data).toEqualTypeOf<{ limit: number }>();
  }
  const now = useCall(wire.api.now.query);
  void now.run();
  expectTypeOf(now.data).toEqualTypeOf<Date | undefined>();
  const greet = useCall((name: string) => wire.api.send.mutate({ text: `hi ${name}` }));
  expectTypeOf(greet.run).parameters.toEqualTypeOf<[name: string]>();
  // @ts-expect-error -- the text is missing
  void send.run({});
});

test('a status is that of the client', () => {
  expectTypeOf(useStatus(wire).state).toEqualTypeOf<'connecting' | 'open' | 'reconnecting' | 'closed'>();
});
