import { type Broker, type Router, UsageError } from '@typewire/core';
import { createWire, MemoryBroker, typewire } from '@typewire/server';
import { fakeEnvironment, memoryNetwork, settled } from '@typewire/testing';
import { beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { createClient, type Presence, preload } from '../src/index.ts';
import { type ServedClient, serveClient } from './served-client.ts';

beforeAll(preload);

interface Context {
  readonly name: string;
}
const t = typewire<Context>();
const State = z.object({ name: z.string(), typing: z.boolean() });
/** Who may not see, and who may not be present. */
const blind = new Set<string>();
const mute = new Set<string>();
const room = t.channel({
  params: z.object({ room: z.string() }),
  event: z.string(),
  presence: { state: State, see: ({ ctx }) => !blind.has(ctx.name), enter: ({ ctx }) => !mute.has(ctx.name) },
  subscribe: () => true,
});
const router = t.router({ room });
const lobby = { room: 'lobby' };
type State = z.infer<typeof State>;

/** A server, and clients that say who they are. */
function serve({ resumableMs = 120_000 } = {}) {
  blind.clear();
  mute.clear();
  const environment = fakeEnvironment();
  const broker = new MemoryBroker(environment);
  const start = (node: Broker = broker) =>
    createWire({
      router,
      environment,
      broker: node,
      sessions: { resumableMs },
      onError: () => {},
      authenticate: ({ auth }) => ({
        context: { name: String(auth) },
        ...(auth === 'visitor' ? {} : { subject: String(auth) }),
      }),
    });
  const wire = start();
  const connect = (auth: string, by = wire) => {
    const network = memoryNetwork((transport) =>
      by.accept(transport, { url: '/', headers: new Map(), remoteAddress: null }),
    );
    const client = createClient<typeof router>({ url: 'memory:', connect: network.connect, environment, auth });
    return { client, network, room: client.api.room.subscribe(lobby) };
  };
  return { environment, broker, wire, connect, start, pass: (ms: number) => environment.clock.advanceAsync(ms) };
}

/** What one that looks is told. */
function look({ presence }: { readonly presence: Presence<State> }) {
  const heard: string[] = [];
  presence.on('join', (_id, { name }) => heard.push(`join ${name}`));
  presence.on('update', (_id, { name, typing }) => heard.push(`update ${name} ${typing}`));
  presence.on('leave', (_id, { name }) => heard.push(`leave ${name}`));
  presence.on('sync', () => heard.push('sync'));
  presence.on('refused', (right, error) => heard.push(`${right} ${error.code}`));
  return { presence, heard, take: () => heard.splice(0) };
}

const ann = { name: 'Ann', typing: false };
const ben = { name: 'Ben', typing: false };

it('tells who is present, and then who joins, changes and leaves', async () => {
  const served = serve();
  const first = served.connect('ann');
  first.room.presence.update(ann);
  await served.pass(200);
  const second = served.connect('ben');
  const { presence, take } = look(second.room);
  await served.pass(200);
  expect(take()).toEqual(['join Ann', 'sync']);
  expect([...presence.members.values()]).toEqual([ann]);
  expect([...presence.members.keys()]).toEqual([first.room.presence.self]);
  expect([...presence.subjects.values()]).toEqual(['ann']);

  presence.update(ben);
  first.room.presence.update({ ...ann, typing: true });
  await served.pass(200);
  expect(take()).toEqual(expect.arrayContaining(['join Ben', 'update Ann true', 'sync']));

  first.room.close();
  await served.pass(200);
  expect(take()).toEqual(['leave Ann', 'sync']);
  expect(presence.count).toEqual({ members: 1, subjects: 1 });
});

it('asks nothing of who is present while nobody looks', async () => {
  const served = serve();
  const { room: quiet, network } = served.connect('ann');
  const other = served.connect('ben');
  other.room.presence.update(ben);
  await served.pass(200);
  expect(quiet.status.state).toBe('live');
  expect(network.pairs.flatMap(({ right }) => right.sent).filter((text) => String(text).includes('[42,'))).toEqual([]);
});

it('tells nothing of a connection that was lost and came back', async () => {
  const served = serve();
  const away = served.connect('ann');
  away.room.presence.update(ann);
  const watched = look(away.room);
  const { take } = look(served.connect('ben').room);
  await served.pass(300);
  take();
  watched.take();
  away.network.cut();
  await served.pass(4_000);
  expect(away.client.status.state).toBe('open');
  expect(take()).toEqual([]);
  expect(watched.take().filter((what) => what !== 'sync')).toEqual([]);
  expect(watched.presence.members.size).toBe(1);
});

it('has a member leave after the grace, and join again when its connection is back', async () => {
  const served = serve();
  const away = served.connect('ann');
  away.room.presence.update(ann);
  const { take, presence } = look(served.connect('ben').room);
  await served.pass(300);
  const id = [...presence.members.keys()];
  take();
  away.network.reachable = false;
  away.network.cut();
  await served.pass(4_900);
  expect(take()).toEqual([]);
  await served.pass(300);
  expect(take()).toEqual(['leave Ann', 'sync']);
  away.network.reachable = true;
  away.client.reconnect();
  await served.pass(300);
  expect(take()).toEqual(['join Ann', 'sync']);
  expect([...presence.members.keys()]).toEqual(id);
});

it('tells a client with a new session only what has changed, and has it be present again', async () => {
  const served = serve({ resumableMs: 0 });
  const away = served.connect('ann');
  const mine = look(away.room);
  mine.presence.update(ann);
  const other = served.connect('ben');
  other.room.presence.update(ben);
  await served.pass(300);
  mine.take();
  away.network.cut();
  await served.pass(2_000);
  // Its own member is another one now; the other's has not changed.
  expect(mine.take().filter((what) => what !== 'sync')).toEqual(['leave Ann', 'join Ann']);
  expect([...other.room.presence.members.values()]).toEqual([]);
  await served.pass(200);
  expect([...other.room.presence.members.values()]).toEqual(expect.arrayContaining([ann, ben]));
});

it('groups several tabs of one user, and counts users', async () => {
  const served = serve();
  for (const name of ['ann', 'ann', 'ben', 'visitor', 'visitor']) {
    served.connect(name).room.presence.update({ name, typing: false });
  }
  const { presence } = look(served.connect('cid').room);
  await served.pass(300);
  expect(presence.count).toEqual({ members: 5, subjects: 2 });
  expect([...presence.bySubject()].map(([subject, states]) => [subject, states.length])).toEqual(
    expect.arrayContaining([
      ['ann', 2],
      ['ben', 1],
      [null, 2],
    ]),
  );
});

it('gives counts without the list', async () => {
  const served = serve();
  served.connect('ann').room.presence.update(ann);
  const { client, network } = served.connect('cid');
  const counting = client.api.room.subscribe({ room: 'lobby' }, { presence: 'count' });
  expect(counting.presence.count).toEqual({ members: 0, subjects: 0 });
  await served.pass(300);
  expect(counting.presence.count).toEqual({ members: 1, subjects: 1 });
  expect(counting.presence.members.size).toBe(0);
  expect(network.pairs.flatMap(({ right }) => right.sent).join()).not.toContain('Ann');
});

it('sends the newest of many updates', async () => {
  const served = serve();
  const { room: mine, network } = served.connect('ann');
  const { take } = look(served.connect('ben').room);
  await served.pass(300);
  for (let round = 0; round < 100; round++) {
    mine.presence.update({ name: 'Ann', typing: round % 2 === 0 });
    await served.pass(1);
  }
  await served.pass(500);
  const sent = network.pairs.flatMap(({ left }) => left.sent).filter((text) => String(text).includes('[43,'));
  expect(sent.length).toBeLessThanOrEqual(3);
  expect(take().at(-2)).toBe('update Ann false');
});

it('makes few messages of a thousand members that join at once', async () => {
  const served = serve();
  const { network, room: watching } = served.connect('ann');
  const { presence } = look(watching);
  await served.pass(300);
  for (let index = 0; index < 1_000; index++) {
    served.connect(`user ${index}`).room.presence.update({ name: `user ${index}`, typing: false });
  }
  const before = network.pairs.flatMap(({ right }) => right.sent).length;
  await served.pass(1_000);
  expect(presence.members.size).toBe(1_000);
  expect(network.pairs.flatMap(({ right }) => right.sent).length - before).toBeLessThan(10);
});

it('ends what a client may no longer see, and has it leave where it may no longer be', async () => {
  const served = serve();
  const { room: mine } = served.connect('ann');
  const me = look(mine);
  me.presence.update(ann);
  const other = look(served.connect('ben').room);
  other.presence.update(ben);
  await served.pass(300);
  me.take();
  other.take();
  blind.add('ann');
  mute.add('ann');
  await served.wire.reauthorize({ subject: 'ann' });
  await served.pass(300);
  expect(me.take()).toEqual(expect.arrayContaining(['leave Ann', 'leave Ben', 'watch FORBIDDEN', 'enter FORBIDDEN']));
  expect(other.take()).toEqual(['leave Ann', 'sync']);
  expect(me.presence.members.size).toBe(0);
  other.presence.update({ ...ben, typing: true });
  await served.pass(300);
  expect(me.take()).toEqual([]);
});

it('refuses a state that is too large or not valid, and says why', async () => {
  const served = serve();
  const { take, presence } = look(served.connect('ann').room);
  await served.pass(100);
  take();
  presence.update({ name: 'x'.repeat(5_000), typing: false });
  await served.pass(300);
  presence.update({ name: 7, typing: false } as never);
  await served.pass(300);
  expect(take()).toEqual(['enter LIMIT_EXCEEDED', 'enter INVALID_INPUT']);
  expect(() => presence.update({ name: 'Ann', typing: (() => true) as never })).toThrow(UsageError);
});

it('is not present any more when a new state is refused, for itself and for all others', async () => {
  const served = serve();
  const { take, presence } = look(served.connect('ann').room);
  const other = look(served.connect('ben').room);
  presence.update(ann);
  await served.pass(300);
  expect(other.take()).toEqual(['join Ann', 'sync']);
  presence.update({ name: 7, typing: false } as never);
  await served.pass(300);
  expect(take()).toEqual(expect.arrayContaining(['enter INVALID_INPUT', 'leave Ann']));
  expect(other.take()).toEqual(['leave Ann', 'sync']);
  expect(presence.self).toBeNull();
  presence.update(ann);
  await served.pass(300);
  expect(other.take()).toEqual(['join Ann', 'sync']);
});

it('takes hostile subjects as ordinary keys', async () => {
  const served = serve();
  for (const name of ['__proto__', 'constructor', 'toString']) {
    served.connect(name).room.presence.update({ name, typing: false });
  }
  const { presence } = look(served.connect('ann').room);
  await served.pass(300);
  expect([...presence.bySubject().keys()].sort()).toEqual(['__proto__', 'constructor', 'toString']);
  expect(presence.count).toEqual({ members: 3, subjects: 3 });
});

it('shows the members of another server, and has those of one that died leave after their time', async () => {
  const served = serve();
  let isDead = false;
  const { presence: shared } = served.broker;
  // What a server that died says never arrives.
  const whileAlive = <Answer>(ask: () => Promise<Answer>) =>
    isDead ? Promise.reject(new Error('the server is dead')) : ask();
  const { broker } = served;
  const node: Broker = {
    publish: (topic, publication) => broker.publish(topic, publication),
    subscribe: (topic, listener) => broker.subscribe(topic, listener),
    read: (topic, request, limits) => broker.read(topic, request, limits),
    position: (topic) => broker.position(topic),
    close: () => Promise.resolve(),
    presence: {
      put: (...args) => whileAlive(() => shared.put(...args)),
      remove: (...args) => whileAlive(() => shared.remove(...args)),
      refresh: (...args) => whileAlive(() => shared.refresh(...args)),
      list: (...args) => whileAlive(() => shared.list(...args)),
      subscribe: (...args) => whileAlive(() => shared.subscribe(...args)),
    },
  };
  const other = served.start(node);
  const { take, presence } = look(served.connect('ann').room);
  const elsewhere = served.connect('ben', other);
  elsewhere.room.presence.update(ben);
  await served.pass(300);
  expect(take().filter((what) => what !== 'sync')).toEqual(['join Ben']);
  expect([...presence.subjects.values()]).toEqual(['ben']);
  await served.pass(60_000);
  expect(take()).toEqual([]);
  isDead = true;
  await served.pass(30_000);
  expect(take()).toEqual([]);
  await served.pass(60_000);
  expect(take()).toEqual(['leave Ben', 'sync']);
});

it('says that a channel declares no presence', async () => {
  const plain = typewire();
  const quiet = plain.channel({ event: z.string(), subscribe: () => true });
  const spoken = plain.channel({ event: z.string(), subscribe: () => true, presence: z.string() });
  const served: ServedClient<{ quiet: typeof quiet }> = serveClient(
    plain.router({ quiet, spoken }) as Router<{ quiet: typeof quiet }, Record<never, never>>,
  );
  const refused: unknown[] = [];
  served.client.api.quiet.subscribe().presence.on('join', () => {});
  const subscription = served.client.api.quiet.subscribe();
  subscription.presence.on('refused', (right, { code }) => refused.push([right, code]));
  void subscription.presence.members;
  await settled();
  expect(refused).toEqual([['watch', 'NOT_FOUND']]);
});
