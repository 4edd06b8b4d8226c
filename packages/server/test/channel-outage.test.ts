import type { Broker } from '@typewire/core';
import { settled } from '@typewire/testing';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { createWire, MemoryBroker, typewire, type WireLimits } from '../src/index.ts';
import { openClient, served } from './raw-client.ts';

const t = typewire();
const room = t.channel({
  params: z.object({ id: z.string() }),
  event: z.string(),
  history: { size: 10 },
  subscribe: ({ params }) => params.id !== 'secret',
  publish: () => true,
  readHistory: () => true,
});
const echo = t.input(z.string()).query(({ input }) => input);

/** A wire whose broker can be taken away and given back. */
function serve(limits: WireLimits = {}) {
  const { settings, environment, errors } = served();
  const memory = new MemoryBroker(environment);
  const calls: string[] = [];
  let isDown = true;
  const ask = async <Answer>(name: string, run: () => Promise<Answer>): Promise<Answer> => {
    calls.push(name);
    if (isDown) throw new Error('the broker is down');
    return run();
  };
  const broker: Broker = {
    publish: (topic, publication) => ask('publish', () => memory.publish(topic, publication)),
    subscribe: (topic, listener) => ask('subscribe', () => memory.subscribe(topic, listener)),
    read: (topic, request, limit) => ask('read', () => memory.read(topic, request, limit)),
    position: (topic) => ask('position', () => memory.position(topic)),
    close: () => memory.close(),
  };
  const wire = createWire({ router: t.router({ room, echo }), broker, limits, ...settings });
  const setDown = (down: boolean): void => {
    isDown = down;
  };
  return { wire, environment, errors, calls, setDown };
}

const subscribe = (id: number, name = 'a') => [32, id, 'room', null, 0, { id: name }];

it('takes a subscription when the broker is back, however long it was away', async () => {
  const { wire, environment, setDown } = serve();
  const client = await openClient(wire);
  await client.send(subscribe(1));
  await environment.clock.advanceAsync(20_000);
  expect(client.take().filter(([type]) => type === 18 || type === 33)).toEqual([]);

  setDown(false);
  await environment.clock.advanceAsync(5_000);
  await wire.publish(room({ id: 'a' }), 'hi');
  await settled();

  expect(client.take().filter(([type]) => type === 33 || type === 35)).toMatchObject([
    [33, 1, 1, [expect.any(String), 0, 0], 'fresh'],
    [35, 1, 1, expect.any(Number), 'hi'],
  ]);
});

it('tells the hook once that the broker fails, and again only after it has answered', async () => {
  const { wire, environment, errors, setDown } = serve();
  const clients = [await openClient(wire), await openClient(wire)];
  for (const client of clients) for (const id of [1, 2]) await client.send(subscribe(id, `${id}`));
  await environment.clock.advanceAsync(10_000);
  expect(errors).toMatchObject([{ error: { message: 'the broker is down' }, path: 'room?id=1', caller: null }]);

  setDown(false);
  await environment.clock.advanceAsync(5_000);
  setDown(true);
  await clients[0]?.send(subscribe(3, 'another'));

  expect(errors).toHaveLength(2);
});

it('ends at once what the rule refuses, whatever the broker does', async () => {
  const { wire, environment, calls } = serve();
  const client = await openClient(wire);
  await client.send(subscribe(1, 'secret'));

  expect(client.take()[0]?.slice(0, 3)).toEqual([18, 1, 'FORBIDDEN']);
  calls.length = 0;
  await environment.clock.advanceAsync(10_000);
  expect(calls).toEqual([]);
});

it('asks no more for a session that is over', async () => {
  const { wire, environment, calls } = serve();
  const client = await openClient(wire);
  await client.send(subscribe(1));
  wire.disconnect({ session: wire.callers()[0]?.session as string });
  calls.length = 0;
  await environment.clock.advanceAsync(60_000);

  expect(calls).toEqual([]);
});

it('goes on reading from a client whose subscriptions wait', async () => {
  const { wire } = serve({ maxCallsInFlight: 2 });
  const client = await openClient(wire);
  for (const id of [1, 2, 3]) await client.send(subscribe(id, `${id}`));
  client.take();

  await client.send([16, 4, 'echo', 0, 'still there']);

  expect(client.take()).toEqual([[17, 4, 'still there']]);
});

it('answers a publication and a question for the past with UNAVAILABLE, and tells the hook once', async () => {
  const { wire, errors } = serve();
  const client = await openClient(wire);
  await client.send([38, 1, 'room', { id: 'a' }, null, 'hi']);
  await client.send([39, 2, 'room', null, 10, { id: 'a' }]);

  expect(client.take().map((message) => message.slice(0, 3))).toEqual([
    [18, 1, 'UNAVAILABLE'],
    [18, 2, 'UNAVAILABLE'],
  ]);
  expect(errors).toMatchObject([{ error: { message: 'the broker is down' }, path: 'room' }]);
});

it('rejects what the server publishes with UNAVAILABLE, as nobody knows what became of it', async () => {
  const { wire } = serve();
  await expect(wire.publish(room({ id: 'a' }), 'hi')).rejects.toMatchObject({
    name: 'CallError',
    code: 'UNAVAILABLE',
    delivery: 'unknown',
    cause: { message: 'the broker is down' },
  });
});

it('takes a subscription whose past could not be read, with what was published meanwhile', async () => {
  const { wire, environment, setDown, calls } = serve();
  setDown(false);
  const [first, second] = [await openClient(wire), await openClient(wire)];
  await first.send(subscribe(1));
  setDown(true);
  await second.send([32, 1, 'room', null, 5, { id: 'a' }]);
  expect(calls.at(-1)).toBe('read');
  setDown(false);
  await wire.publish(room({ id: 'a' }), 'meanwhile');
  await environment.clock.advanceAsync(1_000);

  expect(second.take().filter(([type]) => type === 33 || type === 35)).toMatchObject([
    [33, 1, 1, [expect.any(String), 0, 0], 'fresh'],
    [35, 1, 1, expect.any(Number), 'meanwhile'],
  ]);
});
