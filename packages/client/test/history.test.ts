import { UsageError } from '@typewire/core';
import { typewire } from '@typewire/server';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { opened, serveClient } from './served-client.ts';

const t = typewire();
const open = { params: z.object({ room: z.string() }), event: z.date(), subscribe: () => true, history: { size: 10 } };
const room = t.channel({ ...open, readHistory: ({ params }) => params.room !== 'secret' });
const closed = t.channel(open);
const lobby = { room: 'lobby' };
const day = (index: number): Date => new Date(index * 86_400_000);

async function withPast(limits = {}) {
  const served = await opened(serveClient(t.router({ room, closed }), {}, { limits }));
  for (let index = 1; index <= 5; index++) await served.wire.publish(room(lobby), day(index));
  return served;
}

it('pages back through the past', async () => {
  const { client } = await withPast();
  const last = await client.api.room.history(lobby, { limit: 2 });
  expect(last).toMatchObject({ events: [{ event: day(4), position: { offset: 4 } }, { event: day(5) }], more: true });

  const before = last.events[0]?.position;
  if (before === undefined) throw new Error('the page is empty');
  const rest = await client.api.room.subscribe(lobby).history({ before });

  expect(rest.events.map(({ event }) => event)).toEqual([day(1), day(2), day(3)]);
  expect(rest.more).toBe(false);
});

it('gives shorter pages where the server limits them', async () => {
  const { client } = await withPast({ maxRecoveredEvents: 3 });
  const page = await client.api.room.history(lobby);
  expect([page.events.length, page.more]).toEqual([3, true]);
});

it('finds nothing before a position of a log that is lost', async () => {
  const served = await withPast();
  const [first] = (await served.client.api.room.history(lobby, { limit: 1 })).events;
  served.restart();
  await served.environment.clock.advanceAsync(5_000);
  await served.wire.publish(room(lobby), day(9));

  const before = first?.position;
  if (before === undefined) throw new Error('the page is empty');
  expect(await served.client.api.room.history(lobby, { before })).toEqual({ events: [], more: false });
});

it('asks again when the connection is lost before the page is whole', async () => {
  const served = await withPast();
  const reading = served.client.api.room.history(lobby, { limit: 2 });
  served.network.cut();
  await served.environment.clock.advanceAsync(5_000);
  expect((await reading).events).toHaveLength(2);
});

it('is refused without a rule, and where the rule says so', async () => {
  const { client } = await withPast();
  await expect(client.api.closed.history(lobby)).rejects.toMatchObject({ code: 'FORBIDDEN' });
  await expect(client.api.room.history({ room: 'secret' })).rejects.toMatchObject({ code: 'FORBIDDEN' });
  await expect(client.api.room.history(lobby, { limit: 0 })).rejects.toThrow(UsageError);
});
