import { UsageError } from '@typewire/core';
import { settled } from '@typewire/testing';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { createWire, typewire } from '../src/index.ts';
import { openClient, type RawClient, served } from './raw-client.ts';

const t = typewire();
const open = { event: z.object({ text: z.string() }), subscribe: () => true } as const;
const room = t.channel({ ...open, params: z.object({ room: z.string() }), history: { size: 3, ttlMs: 60_000 } });
const news = t.channel(open);

function serve(router = t.router({ room, news }), limits = {}) {
  const context = served();
  return { ...context, wire: createWire({ router, ...context.settings, limits }) };
}

/** Subscribes and gives the number the topic got. */
async function subscribe(client: RawClient, id: number, path: string, ...params: unknown[]): Promise<number> {
  await client.send([32, id, path, null, 0, ...params]);
  const [answer] = client.take();
  expect(answer?.slice(0, 2)).toEqual([33, id]);
  return (answer?.[2] ?? 0) as number;
}

it('delivers what is published to every subscriber, encoded once', async () => {
  const { wire } = serve();
  const clients = [await openClient(wire), await openClient(wire)];
  for (const client of clients) await subscribe(client, 1, 'room', { room: 'a' });

  await wire.publish(room({ room: 'a' }), { text: 'hi' });
  await settled();

  const events = clients.map((client) => client.take());
  expect(events[0]).toMatchObject([[35, expect.any(Number), 1, expect.any(Number), { text: 'hi' }]]);
  expect(events[1]).toEqual(events[0]);
});

it('hands the same prepared message to every transport', async () => {
  const { wire } = serve();
  const clients = [await openClient(wire), await openClient(wire)];
  for (const client of clients) await subscribe(client, 1, 'news');
  const shared: unknown[] = [];
  for (const client of clients) client.pair.right.sendShared = (message) => void shared.push(message);

  await wire.publish(news(), { text: 'hi' });

  expect(shared).toHaveLength(2);
  expect(shared[0]).toBe(shared[1]);
});

it('keeps topics of one channel apart', async () => {
  const { wire } = serve();
  const client = await openClient(wire);
  await subscribe(client, 1, 'room', { room: 'a' });

  await wire.publish(room({ room: 'b' }), { text: 'elsewhere' });
  await settled();

  expect(client.take()).toEqual([]);
});

it('lets nobody subscribe to a channel without a rule', async () => {
  const closed = t.channel({ event: z.string() });
  const { wire } = serve(t.router({ closed }) as never);
  const client = await openClient(wire);
  await client.send([32, 1, 'closed', null, 0]);
  expect(client.take()[0]?.slice(0, 3)).toEqual([18, 1, 'FORBIDDEN']);
});

it('asks the subscribe rule with the context and the checked parameters', async () => {
  const asked: unknown[] = [];
  const { settings } = served();
  const user = typewire<{ name: string }>();
  const own = user.channel({
    params: z.object({ name: z.string().trim() }),
    event: z.string(),
    subscribe: ({ ctx, params }) => {
      asked.push([ctx, params]);
      return ctx.name === params.name;
    },
  });
  const wire = createWire({
    router: user.router({ own }),
    authenticate: ({ auth }) => ({ context: { name: String(auth) } }),
    ...settings,
  });
  const client = await openClient(wire, 'ann');

  await client.send([32, 1, 'own', null, 0, { name: ' ann ' }]);
  await client.send([32, 2, 'own', null, 0, { name: 'bob' }]);

  expect(client.take().map((message) => [message[0], message[2]])).toEqual([
    [33, expect.any(Number)],
    [18, 'FORBIDDEN'],
  ]);
  expect(asked).toEqual([
    [{ name: 'ann' }, { name: 'ann' }],
    [{ name: 'ann' }, { name: 'bob' }],
  ]);
});

it.each<[string, unknown[], string]>([
  ['parameters of the wrong type', ['room', null, 0, { room: 7 }], 'INVALID_INPUT'],
  ['no parameters where some are needed', ['room', null, 0], 'INVALID_INPUT'],
  ['parameters where none are taken', ['news', null, 0, { room: 'a' }], 'INVALID_INPUT'],
  ['a name that is too long', ['room', null, 0, { room: 'x'.repeat(300) }], 'INVALID_INPUT'],
])('refuses a subscribe with %s', async (_name, fields, code) => {
  const { wire } = serve();
  const client = await openClient(wire);
  await client.send([32, 1, ...fields]);
  expect(client.take()[0]?.slice(0, 3)).toEqual([18, 1, code]);
});

it('tells the hook about a rule that throws, and the client nothing', async () => {
  const broken = t.channel({
    event: z.string(),
    subscribe: () => {
      throw new Error('hunter2');
    },
  });
  const { wire, errors } = serve(t.router({ broken }) as never);
  const client = await openClient(wire);

  await client.send([32, 1, 'broken', null, 0]);

  expect(client.take()[0]?.[2]).toBe('INTERNAL');
  expect(client.pair.right.sent.join()).not.toContain('hunter2');
  expect(errors[0]?.path).toBe('broken');
});

it('rewinds a new subscriber by what it asks for and the history holds', async () => {
  const { wire } = serve();
  for (const text of ['1', '2', '3', '4']) await wire.publish(room({ room: 'a' }), { text });
  const client = await openClient(wire);

  await client.send([32, 1, 'room', null, 2, { room: 'a' }]);

  const [subscribed, ...events] = client.take();
  expect(subscribed?.slice(3)).toEqual([[expect.any(String), 2, expect.any(Number)], 'fresh']);
  expect(events.map((event) => [event[2], event[4]])).toEqual([
    [3, { text: '3' }],
    [4, { text: '4' }],
  ]);
});

it('brings a returning subscriber what it missed', async () => {
  const { wire } = serve();
  const client = await openClient(wire);
  await subscribe(client, 1, 'room', { room: 'a' });
  await wire.publish(room({ room: 'a' }), { text: '1' });
  await settled();
  const [first] = client.take();
  const [epoch] = JSON.parse(client.pair.right.sent.find((text) => text.startsWith('[33,')) ?? '')[3];
  await wire.publish(room({ room: 'a' }), { text: '2' });

  const returning = await openClient(wire);
  await returning.send([32, 1, 'room', [epoch, first?.[2], first?.[3]], 0, { room: 'a' }]);

  const [subscribed, ...events] = returning.take();
  expect(subscribed?.[4]).toBe('recovered');
  expect(events.map((event) => event[4])).toEqual([{ text: '2' }]);
});

it.each<[string, unknown[]]>([
  ['of another epoch', ['elsewhere', 1, 1]],
  ['with another tag', ['same', 4, 1]],
  ['from before the history', ['same', 0, 0]],
  ['ahead of the log', ['same', 9, 1]],
])('says gap to a subscriber that returns with a position %s', async (_name, [epoch, offset, tag]) => {
  const { wire } = serve();
  for (const text of ['1', '2', '3', '4']) await wire.publish(room({ room: 'a' }), { text });
  const client = await openClient(wire);
  await client.send([32, 1, 'room', null, 0, { room: 'a' }]);
  const [answer] = client.take();
  const [same] = (answer?.[3] ?? []) as string[];

  const returning = await openClient(wire);
  await returning.send([32, 1, 'room', [epoch === 'same' ? same : epoch, offset, tag], 0, { room: 'a' }]);

  const messages = returning.take();
  expect(messages).toHaveLength(1);
  expect(messages[0]?.[4]).toBe('gap');
  expect(messages[0]?.[3]).toEqual([same, 4, expect.any(Number)]);
});

it('stops delivering after unsubscribe, and forgets a topic nobody follows', async () => {
  const { wire } = serve();
  const client = await openClient(wire);
  const first = await subscribe(client, 1, 'room', { room: 'a' });

  await client.send([34, first]);
  await wire.publish(room({ room: 'a' }), { text: 'unheard' });
  await settled();

  expect(client.take()).toEqual([]);
  expect(await subscribe(client, 2, 'room', { room: 'a' })).not.toBe(first);
});

it('refuses to follow one topic twice on one connection', async () => {
  const { wire } = serve();
  const client = await openClient(wire);
  await subscribe(client, 1, 'news');
  await client.send([32, 2, 'news', null, 0]);
  expect(client.take()[0]?.slice(0, 3)).toEqual([18, 2, 'CONFLICT']);
});

it('refuses one subscription more than the limit and names the option', async () => {
  const { wire } = serve(undefined, { maxSubscriptions: 2 });
  const client = await openClient(wire);
  await subscribe(client, 1, 'room', { room: 'a' });
  await subscribe(client, 2, 'room', { room: 'b' });

  await client.send([32, 3, 'room', null, 0, { room: 'c' }]);

  expect(client.take()[0]).toEqual([18, 3, 'LIMIT_EXCEEDED', expect.stringContaining('limits.maxSubscriptions')]);
});

it('lets a client publish only where a rule allows it', async () => {
  const wall = t.channel({ ...open, publish: ({ event }) => event.text !== 'spam' });
  const { wire } = serve(t.router({ wall, news }) as never);
  const client = await openClient(wire);
  await subscribe(client, 1, 'wall');

  await client.send([38, 2, 'wall', null, null, { text: 'hi' }]);
  expect(client.take().map((message) => message.slice(0, 2))).toEqual([
    [35, expect.any(Number)],
    [17, 2],
  ]);
  await client.send([38, 3, 'wall', null, null, { text: 'spam' }]);
  await client.send([38, 4, 'wall', null, null, { text: 7 }]);
  await client.send([38, 5, 'news', null, null, { text: 'hi' }]);
  expect(client.take().map((message) => message.slice(1, 3))).toEqual([
    [3, 'FORBIDDEN'],
    [4, 'INVALID_INPUT'],
    [5, 'FORBIDDEN'],
  ]);
});

it('leaves nothing behind when a subscriber is lost', async () => {
  const { wire, environment } = serve();
  const client = await openClient(wire);
  await subscribe(client, 1, 'news');

  client.pair.cut();
  await settled();
  await wire.publish(news(), { text: 'to nobody' });
  expect(wire.sessions).toMatchObject({ count: 1, detachedCount: 1 });
  await environment.clock.advanceAsync(121_000);

  expect(wire.connections).toBe(0);
  expect(environment.clock.pending).toBe(0);
});

it('refuses what the server publishes against the schema', async () => {
  const { wire } = serve();
  const publishing = wire.publish(news(), { text: 7 as unknown as string });
  await expect(publishing).rejects.toMatchObject({ name: 'CallError', code: 'INVALID_INPUT', delivery: 'not-sent' });
});

it('refuses to publish on a channel of another router', async () => {
  const { wire } = serve();
  const other = t.channel(open);
  await expect(wire.publish(other(), { text: 'hi' })).rejects.toThrow(UsageError);
});
