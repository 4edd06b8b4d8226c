import { expect, it } from 'vitest';
import { z } from 'zod';
import { createWire, typewire, type WireLimits } from '../src/index.ts';
import { openClient, served } from './raw-client.ts';

const t = typewire();

async function serve(limits: WireLimits) {
  const { settings, environment } = served();
  const room = t.channel({ event: z.string(), subscribe: () => true, publish: () => true });
  const router = t.router({ one: t.query(() => 1), wait: t.query(() => new Promise<void>(() => {})), room });
  const client = await openClient(createWire({ router, ...settings, limits }));
  let id = 0;
  const call = async (count: number, path = 'one'): Promise<unknown[]> => {
    for (let index = 0; index < count; index++) await client.send([16, ++id, path, 0]);
    return client.take().map((message) => message[2]);
  };
  return { client, call, environment, nextId: () => ++id };
}

it('lets as many calls through as it has a rate for, and twice as many after a quiet time', async () => {
  const { call, environment, client } = await serve({ maxCallsPerSecond: 5 });

  expect(await call(12)).toEqual([...Array(10).fill(1), 'LIMIT_EXCEEDED', 'LIMIT_EXCEEDED']);
  environment.clock.advance(200);
  expect(await call(2)).toEqual([1, 'LIMIT_EXCEEDED']);
  environment.clock.advance(1_000);
  expect(await call(6)).toEqual([...Array(5).fill(1), 'LIMIT_EXCEEDED']);
  environment.clock.advance(10_000);
  expect((await call(20)).filter((outcome) => outcome === 1)).toHaveLength(10);
  expect(client.closed).toBeNull();
});

it('names the option, counts publications, and neither what ends a call nor subscriptions', async () => {
  const { client, call, nextId } = await serve({ maxCallsPerSecond: 1 });
  await call(2, 'wait');
  await client.send([38, nextId(), 'room', null, null, 'x']);
  expect(client.take()).toEqual([[18, 3, 'LIMIT_EXCEEDED', expect.stringContaining('limits.maxCallsPerSecond')]]);

  await client.send([32, nextId(), 'room', null, 0]);
  for (const id of [1, 2]) await client.send([19, id]);
  expect(client.take().map(([type]) => type)).toEqual([33]);
});

it('counts the id of a call that was refused as used', async () => {
  const { client, call } = await serve({ maxCallsPerSecond: 1 });
  await call(3);
  await client.send([16, 3, 'one', 0]);
  expect(client.closed?.code).toBe(4502);
});

it('closes a connection that sends more messages than it has a rate for, and names the option', async () => {
  const { client, environment } = await serve({ maxMessagesPerSecond: 10 });
  for (let round = 0; round < 100; round++) {
    environment.clock.advance(100);
    await client.send([9]);
  }
  expect(client.closed).toBeNull();
  environment.clock.advance(2_000);
  for (let count = 0; count < 20; count++) await client.send([9]);
  expect(client.closed).toBeNull();
  await client.send([9]);

  expect(client.closed).toEqual({ code: 1008, reason: expect.stringContaining('limits.maxMessagesPerSecond') });
});

it('has no rate unless one is given', async () => {
  const { call, client } = await serve({});
  expect(await call(1_000)).toEqual(Array(1_000).fill(1));
  expect(client.closed).toBeNull();
});
