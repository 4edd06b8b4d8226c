import { UsageError } from '@typewire/core';
import { settled } from '@typewire/testing';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { createWire, typewire, type WireSettings } from '../src/index.ts';
import { openClient, type RawClient, served } from './raw-client.ts';

const t = typewire<{ name: string | null }>();
const event = z.object({ id: z.string(), text: z.string() });
const open = { event, subscribe: () => true, publish: () => true } as const;
const room = t.channel({ ...open, history: { size: 10 } });
const ticker = t.channel({ ...open, key: ({ id }) => id, overflow: 'latest-per-key', maxQueuedBytes: 10_000 });
const post = t
  .input(z.string())
  .mutation(({ input, publish, caller }) =>
    publish(room(), { id: input, text: 'posted' }, { exclude: caller.session, idempotencyKey: input }),
  );

function serve(settings: Partial<WireSettings> = {}) {
  const context = served();
  const wire = createWire({
    router: t.router({ room, ticker, post }),
    authenticate: ({ auth }) => ({ context: { name: null }, ...(typeof auth === 'string' && { subject: auth }) }),
    ...context.settings,
    ...settings,
  });
  return { ...context, wire };
}

const events = (client: RawClient) => client.take().filter(([type]) => type === 35 || type === 37 || type === 46);

it('resolves with the place of the event in the log', async () => {
  const { wire } = serve();
  const client = await openClient(wire);
  await client.send([32, 1, 'room', null, 0]);
  client.take();

  const position = await wire.publish(room(), { id: '1', text: 'hi' });
  await client.send([38, 2, 'room', null, null, { id: '2', text: 'ho' }]);

  expect(position).toEqual({ epoch: expect.any(String), offset: 1, tag: expect.any(Number) });
  const [first, second, answer] = client.take();
  expect(first?.slice(2, 4)).toEqual([position.offset, position.tag]);
  expect(answer).toEqual([17, 2, [position.epoch, 2, second?.[3]]]);
});

it('publishes once what is published again with one key, from wherever it comes', async () => {
  const { wire } = serve();
  const one = { id: '1', text: 'hi' };
  const first = await wire.publish(room(), one, { idempotencyKey: 'k' });
  expect(await wire.publish(room(), one, { idempotencyKey: 'k' })).toEqual(first);

  const ann = await openClient(wire, 'ann');
  await ann.send([38, 1, 'room', null, { key: 'k' }, one]);
  const [answer] = ann.take();
  expect(answer?.[2]).toMatchObject([first.epoch, 2, expect.any(Number)]);

  // Another session of the same subject, as after a lost one; another subject; and nobody.
  const again = await openClient(wire, 'ann');
  await again.send([38, 1, 'room', null, { key: 'k' }, one]);
  expect(again.take()).toEqual([[17, 1, answer?.[2]]]);
  const offsets: unknown[] = [];
  for (const auth of [['bob'], []]) {
    const other = await openClient(wire, ...auth);
    await other.send([38, 1, 'room', null, { key: 'k' }, one]);
    offsets.push(...other.take().map((answer) => (answer[2] as unknown[])[1]));
  }
  expect(offsets).toEqual([3, 4]);
});

it('moves the position of an excluded sender, and gives it no event', async () => {
  const { wire } = serve();
  const [ann, bob] = [await openClient(wire, 'ann'), await openClient(wire, 'bob')];
  for (const client of [ann, bob]) await client.send([32, 1, 'room', null, 0]);
  for (const client of [ann, bob]) client.take();

  await ann.send([38, 2, 'room', null, { exclude: true }, { id: '1', text: 'hi' }]);
  await bob.send([24, 2, 'post', 0, null, 'x']);
  await wire.publish(room(), { id: '3', text: 'end' });
  await settled();

  expect(events(ann).map(([type, , offset]) => [type, offset])).toEqual([
    [46, 1],
    [35, 2],
    [35, 3],
  ]);
  expect(events(bob).map(([type, , offset]) => [type, offset])).toEqual([
    [35, 1],
    [46, 2],
    [35, 3],
  ]);
});

it('gives a slow subscriber the newest of each key when it reads again, and the others everything', async () => {
  const { wire, environment } = serve({ limits: { maxEventBufferBytes: 100 } });
  const [slow, quick] = [await openClient(wire), await openClient(wire)];
  for (const client of [slow, quick]) await client.send([32, 1, 'ticker', null, 0]);
  for (const client of [slow, quick]) client.take();
  slow.pair.hold();
  await wire.publish(ticker(), { id: 'a', text: 'x'.repeat(100) });
  await settled();
  for (const [id, text] of [
    ['a', '1'],
    ['b', '2'],
    ['a', '3'],
    ['a', '4'],
  ] as const) {
    await wire.publish(ticker(), { id, text });
    await settled();
  }
  await settled();
  expect(events(quick)).toHaveLength(5);

  slow.pair.release();
  await environment.clock.advanceAsync(200);
  await wire.publish(ticker(), { id: 'b', text: '5' });
  await settled();

  expect(events(slow).map(([type, , offset]) => [type, offset])).toEqual([
    [35, 1],
    [46, 2],
    [35, 3],
    [46, 4],
    [35, 5],
    [35, 6],
  ]);
});

it('closes a subscriber that reads too slowly with 4008 where the channel says so, and recovers it when it is back', async () => {
  const strict = t.channel({ ...open, history: { size: 100 }, overflow: 'close', maxQueuedBytes: 300 });
  const { settings } = served();
  const wire = createWire({
    router: t.router({ strict }),
    authenticate: () => ({ context: { name: null } }),
    ...settings,
    limits: { maxEventBufferBytes: 100 },
  });
  const client = await openClient(wire);
  await client.send([32, 1, 'strict', null, 0]);
  client.pair.hold();
  for (let index = 0; index < 10; index++) await wire.publish(strict(), { id: `${index}`, text: 'x'.repeat(100) });
  client.pair.release();
  await settled();

  expect(client.closed?.code).toBe(4008);
});

it.each<[string, object]>([
  ['overflow', { overflow: 'drop' }],
  ['maxQueuedBytes', { maxQueuedBytes: -1 }],
  ['conflateMs', { conflateMs: Number.NaN, key: () => '' }],
  ['key', { key: 'id' }],
  ['need the option key', { conflateMs: 20 }],
  ['need the option key', { overflow: 'latest-per-key' }],
])('refuses a channel whose %s makes no sense', (text, options) => {
  expect(() => t.channel({ ...open, ...options })).toThrow(UsageError);
  expect(() => t.channel({ ...open, ...options })).toThrow(text);
});

it('refuses keys that are no text, or too long, where they are made', async () => {
  const wild = t.channel({
    ...open,
    key: ({ text }) => (text === 'long' ? 'x'.repeat(256) : (7 as unknown as string)),
  });
  const { settings } = served();
  const wire = createWire({
    router: t.router({ wild }),
    authenticate: () => ({ context: { name: null } }),
    ...settings,
  });
  for (const text of ['long', 'odd'])
    await expect(wire.publish(wild(), { id: '', text })).rejects.toThrow('the key of an event on wild');
  const publishing = wire.publish(wild(), { id: '', text: '' }, { idempotencyKey: 'x'.repeat(256) });
  await expect(publishing).rejects.toThrow(UsageError);
});
