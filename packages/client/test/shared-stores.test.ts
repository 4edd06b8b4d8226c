import { typewire } from '@typewire/server';
import { settled } from '@typewire/testing';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { preload } from '../src/index.ts';
import { sharedChannel, sharedPresence, sharedStatus, sharedStream, skip } from '../src/store.ts';
import { opened, type ServedClient, serveClient } from './served-client.ts';

const SUBSCRIBE = 32;
const UNSUBSCRIBE = 34;

const t = typewire();
const news = t.channel({
  params: z.object({ topic: z.string(), tags: z.array(z.string()).optional() }),
  event: z.number(),
  presence: z.object({ name: z.string() }),
  history: { size: 300 },
  subscribe: () => true,
});
const board = t.channel({ event: z.string(), subscribe: () => true, snapshot: () => 'all before' });
let isLocked = false;
const locked = t.channel({ event: z.string(), presence: z.string(), subscribe: () => !isLocked });
const numbers = t.input(z.object({ to: z.number() })).stream(async function* ({ input }) {
  for (let number = 1; number <= input.to; number++) yield number;
});
const broken = t.stream(async function* ({ fail }) {
  yield 'one';
  throw fail('CONFLICT');
});
const router = t.router({ news, board, locked, numbers, broken });

let served: ServedClient<(typeof router)['~tree']>;

beforeAll(preload);

beforeEach(async () => {
  served = await opened(serveClient(router));
});

const listen = (store: { subscribe(listener: () => void): () => void }) => store.subscribe(() => {});

/** The messages about topics that the client has sent. */
const asked = (): unknown[][] =>
  served.network.pairs
    .flatMap(({ left }) => left.sent)
    .flatMap((text) => {
      const message = JSON.parse(text) as unknown[];
      return (Array.isArray(message[0]) ? message : [message]) as unknown[][];
    })
    .filter(([type]) => type === SUBSCRIBE || type === UNSUBSCRIBE);

const types = () => asked().map(([type]) => type);

async function publish(...events: number[]): Promise<void> {
  for (const event of events) await served.wire.publish(news({ topic: 'a' }), event);
  await settled();
}

describe('a shared topic', () => {
  it('is one store for parameters of equal content, another for others', () => {
    const { api } = served.client;
    const store = sharedChannel(api.news, { topic: 'a', tags: ['x'] });
    expect(sharedChannel(api.news, { tags: ['x'], topic: 'a' })).toBe(store);
    expect(sharedChannel(api.news, { topic: 'a' })).not.toBe(store);
    expect(sharedChannel(api.news, skip).snapshot().status).toBe('idle');
  });

  it('shows each view as much as it keeps, over one subscription', async () => {
    const { api } = served.client;
    const few = sharedChannel(api.news, { topic: 'a' }, { keep: 2 });
    const many = sharedChannel(api.news, { topic: 'a' }, { keep: 200 });
    const leave = [listen(few), listen(many)];
    await settled();
    await publish(1, 2, 3);
    expect(few.snapshot()).toMatchObject({ events: [2, 3], latest: 3 });
    expect(many.snapshot()).toMatchObject({ events: [1, 2, 3], latest: 3 });
    expect(few.snapshot()).toBe(few.snapshot());
    for (const stop of leave) stop();
    await settled();
    expect(types()).toEqual([SUBSCRIBE, UNSUBSCRIBE]);
    expect(many.snapshot()).toMatchObject({ events: [], status: 'connecting' });
  });

  it('asks for as much of the past as the most demanding of those that come together', async () => {
    const { api } = served.client;
    await publish(...Array.from({ length: 150 }, (_, index) => index));
    listen(sharedChannel(api.news, { topic: 'a' }, { keep: 1 }));
    const many = sharedChannel(api.news, { topic: 'a' }, { keep: 150 });
    listen(many);
    await served.environment.clock.advanceAsync(100);
    await settled();
    expect(types()).toEqual([SUBSCRIBE]);
    expect(many.snapshot().events).toHaveLength(150);
  });

  it('leaves a history for who comes later than one that shows the latest alone', async () => {
    const { api } = served.client;
    await publish(1, 2, 3);
    listen(sharedPresence(api.news, { topic: 'a' }));
    listen(sharedChannel(api.news, { topic: 'a' }, { keep: 1 }));
    await settled();
    const later = sharedChannel(api.news, { topic: 'a' });
    listen(later);
    await settled();
    expect(later.snapshot().events.at(-1)).toBe(3);
    expect(types()).toEqual([SUBSCRIBE]);
  });

  it('says where events are missing for each view', async () => {
    const { api } = served.client;
    const few = sharedChannel(api.news, { topic: 'a' }, { keep: 2 });
    const many = sharedChannel(api.news, { topic: 'a' });
    listen(few);
    listen(many);
    await settled();
    await publish(1, 2);
    served.restart();
    await publish(3);
    await served.environment.clock.advanceAsync(5_000);
    await settled();
    expect(many.snapshot()).toMatchObject({ events: [1, 2, 3], gap: { after: 2 } });
    expect(few.snapshot()).toMatchObject({ events: [2, 3], gap: { after: 1 } });
    await publish(4);
    expect(many.snapshot()).toMatchObject({ events: [1, 2, 3, 4], gap: { after: 2 } });
    expect(few.snapshot()).toMatchObject({ events: [3, 4], gap: null });
  });

  it('has the state of the topic, and the events of since', async () => {
    const store = sharedChannel(served.client.api.board, undefined);
    listen(store);
    await settled();
    await served.wire.publish(board(), 'new');
    await settled();
    expect(store.snapshot()).toMatchObject({ snapshot: 'all before', events: ['new'], since: ['new'] });
  });
});

describe('a shared presence', () => {
  it('shows who is there, and has this client be there until nobody looks any more', async () => {
    const { api } = served.client;
    const store = sharedPresence(api.news, { topic: 'a' });
    const other = api.news.subscribe({ topic: 'a' });
    const stop = [listen(store), listen(store)];
    expect(sharedPresence(api.news, { topic: 'a' })).toBe(store);
    store.snapshot().update({ name: 'Ann' });
    await served.environment.clock.advanceAsync(300);
    await settled();
    const { members, self, bySubject, count } = store.snapshot();
    expect([...members]).toEqual([[self, { name: 'Ann' }]]);
    expect([...bySubject]).toEqual([[null, [{ name: 'Ann' }]]]);
    expect(count).toEqual({ members: 1, subjects: 0 });
    expect([...other.presence.members.values()]).toEqual([{ name: 'Ann' }]);
    for (const leave of stop) leave();
    await served.environment.clock.advanceAsync(300);
    await settled();
    expect(other.presence.members.size).toBe(0);
    expect(store.snapshot()).toMatchObject({ status: 'connecting', self: null });
  });

  it('asks for numbers alone where that is all there is to show', async () => {
    const { api } = served.client;
    api.news.subscribe({ topic: 'a' }).presence.update({ name: 'Ben' });
    const store = sharedPresence(api.news, { topic: 'a' }, { show: 'count' });
    listen(store);
    await served.environment.clock.advanceAsync(300);
    await settled();
    expect(store.snapshot()).toMatchObject({ count: { members: 1, subjects: 0 }, members: new Map() });
  });
});

it('follows and looks anew when a refusal has been lifted', async () => {
  isLocked = true;
  const { api } = served.client;
  const events = sharedChannel(api.locked, undefined);
  const presence = sharedPresence(api.locked, undefined);
  listen(events);
  listen(presence);
  await settled();
  for (const store of [events, presence]) {
    expect(store.snapshot()).toMatchObject({ status: 'closed', error: { code: 'FORBIDDEN' } });
  }
  isLocked = false;
  events.snapshot().restart();
  presence.snapshot().restart();
  presence.snapshot().update('Ann');
  await served.environment.clock.advanceAsync(300);
  await settled();
  await served.wire.publish(locked(), 'open');
  await settled();
  expect(events.snapshot()).toMatchObject({ status: 'live', error: null, events: ['open'] });
  expect([...presence.snapshot().members.values()]).toEqual(['Ann']);
  expect(presence.snapshot()).toMatchObject({ status: 'live', error: null });
});

describe('a shared stream', () => {
  it('is read once, begins anew when it is told to, and says how it ended', async () => {
    const { api } = served.client;
    const store = sharedStream(api.numbers, { to: 3 });
    const few = sharedStream(api.numbers, { to: 3 }, { keep: 1 });
    expect(store.snapshot()).toMatchObject({ status: 'connecting', items: [] });
    const stop = [listen(store), listen(few)];
    await settled();
    expect(store.snapshot()).toMatchObject({ status: 'done', items: [1, 2, 3], latest: 3, error: null });
    expect(few.snapshot().items).toEqual([3]);
    store.snapshot().restart();
    expect(store.snapshot()).toMatchObject({ status: 'connecting', items: [] });
    await settled();
    expect(store.snapshot()).toMatchObject({ status: 'done', items: [1, 2, 3] });
    for (const leave of stop) leave();
    await settled();
    expect(store.snapshot()).toMatchObject({ status: 'connecting', items: [] });
  });

  it('keeps what had come when it fails', async () => {
    const store = sharedStream(served.client.api.broken, undefined);
    listen(store);
    await settled();
    expect(store.snapshot()).toMatchObject({ status: 'error', items: ['one'], error: { code: 'CONFLICT' } });
  });

  it('is another one with other options', () => {
    const { api } = served.client;
    const store = sharedStream(api.numbers, { to: 3 });
    expect(sharedStream(api.numbers, { to: 3 }, { lastEventId: '1' })).not.toBe(store);
    expect(sharedStream(api.numbers, skip).snapshot().status).toBe('idle');
    expect(() => sharedStream(api.numbers, { to: 3 }, { keep: 0 })).toThrow(/keep is a count above 0/);
  });
});

it('is one store of the status for each client', async () => {
  const store = sharedStatus(served.client);
  expect(sharedStatus(served.client)).toBe(store);
  expect(store.serverSnapshot()).toMatchObject({ state: 'connecting' });
  expect(store.snapshot()).toBe(served.client.status);
  const seen: string[] = [];
  const leave = store.subscribe(() => seen.push(store.snapshot().state));
  served.network.cut();
  await settled();
  leave();
  expect(seen).toContain('reconnecting');
});
