import type { Client } from '@typewire/client';
import { typewire } from '@typewire/server';
import { expectTypeOf, test } from 'vitest';
import { ref } from 'vue';
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
  complete: t.input(z.object({ prompt: z.string() })).stream(async function* () {
    yield { token: 'a' };
  }),
});
declare const wire: Client<typeof router>;

test('a subscription has the events, the state and the errors of its channel, as refs', () => {
  const { events, snapshot, status, error } = useSubscription(wire.api.room, { room: 'lobby' });
  expectTypeOf(events.value).toEqualTypeOf<ReadonlyArray<{ text: string; at: Date }>>();
  expectTypeOf(snapshot.value).toEqualTypeOf<{ topic: string } | undefined>();
  expectTypeOf(status.value).toEqualTypeOf<'idle' | 'connecting' | 'live' | 'closed'>();
  if (error.value?.code === 'BANNED') expectTypeOf(error.value.data.until).toEqualTypeOf<Date>();
});

test('parameters are values, refs or getters, are checked, and may be skipped', () => {
  const held = ref({ room: 'lobby' });
  useSubscription(wire.api.room, held, { keep: 10 });
  useSubscription(wire.api.room, () => (held.value.room === '' ? skip : held.value));
  useSubscription(wire.api.news);
  useSubscription(wire.api.news, undefined, () => ({ keep: 1 }));
  // @ts-expect-error -- the channel needs its room
  useSubscription(wire.api.room);
  // @ts-expect-error -- a room is text
  useSubscription(wire.api.room, ref({ room: 1 }));
  // @ts-expect-error -- a room is text
  usePresence(wire.api.room, () => ({ room: 1 }));
  // @ts-expect-error -- the prompt is missing
  useStream(wire.api.complete, () => ({}));
});

test('presence shows what its schema gives, and takes what it takes', () => {
  const { members, bySubject, update } = usePresence(wire.api.room, { room: 'lobby' });
  expectTypeOf(members.value).toEqualTypeOf<ReadonlyMap<string, { name: string; since: Date }>>();
  expectTypeOf(bySubject.value.size).toEqualTypeOf<number>();
  expectTypeOf(update).parameter(0).toEqualTypeOf<{ name: string; since: string }>();
});

test('a stream has its items, a call its input, result and errors, a status that of the client', () => {
  const { items } = useStream(wire.api.complete, { prompt: '' });
  expectTypeOf(items.value).toEqualTypeOf<ReadonlyArray<{ token: string }>>();
  const { run, data, error } = useCall(wire.api.send.mutate);
  expectTypeOf(run).parameter(0).toEqualTypeOf<{ text: string }>();
  expectTypeOf(data.value).toEqualTypeOf<{ id: string } | undefined>();
  if (error.value?.code === 'FULL') expectTypeOf(error.value.data).toEqualTypeOf<{ limit: number }>();
  expectTypeOf(useStatus(wire).state.value).toEqualTypeOf<'connecting' | 'open' | 'reconnecting' | 'closed'>();
});
