import { contract } from '@typewire/core';
import { settled } from '@typewire/testing';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { createWire, MemoryBroker, typewire } from '../src/index.ts';
import { openClient, RawClient, served } from './raw-client.ts';

const t = typewire();
const router = t.router({ one: t.query(() => 1) });

it('sends every client away with a moment of its own to come back when it drains', async () => {
  const { settings } = served();
  const wire = createWire({ router, ...settings });
  const clients = [];
  for (let index = 0; index < 50; index++) clients.push(await openClient(wire));

  await wire.drain({ spreadMs: 10_000 });
  await settled();

  const delays = clients.map((client) => client.take().at(-1)?.[2] as number);
  expect(clients.every((client) => client.closed?.code === 1012)).toBe(true);
  expect(new Set(delays).size).toBeGreaterThan(40);
  expect(Math.min(...delays)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...delays)).toBeLessThanOrEqual(10_000);
  expect(Math.max(...delays) - Math.min(...delays)).toBeGreaterThan(5_000);
});

it('answers what was under way before it closes', async () => {
  const { settings } = served();
  const wire = createWire({ router, ...settings });
  const client = await openClient(wire);
  await client.send([16, 1, 'one', 0]);
  await wire.close();
  await settled();
  expect(client.take()).toEqual([
    [17, 1, 1],
    [8, 1001, 0],
  ]);
  expect(client.closed?.code).toBe(1001);
});

it('refuses connections after it closed', async () => {
  const { settings } = served();
  const wire = createWire({ router, ...settings });
  await wire.close();
  const client = new RawClient(wire);
  await settled();
  expect(client.closed?.code).toBe(1012);
});

it('ends with the broken connection alone when a client breaks the protocol', async () => {
  const { settings } = served();
  const wire = createWire({ router, ...settings });
  const [bad, good] = [await openClient(wire), await openClient(wire)];

  await bad.send('not json');
  await good.send([16, 1, 'one', 0]);

  expect(bad.closed).toMatchObject({ code: 4502 });
  expect(good.take()).toEqual([[17, 1, 1]]);
  expect(wire.connections).toBe(1);
});

it.each([
  '',
  '[]',
  '{}',
  'null',
  '[null]',
  '[99]',
  '[16]',
  '[16,1]',
  '[17,1,1]',
  '[2,"x",{}]',
  '[8,1001,0]',
  '[35,1,1,1,1]',
  '[1,1,{"control":true}]',
])('closes with 4502 on %j', async (text) => {
  const { settings, errors } = served();
  const wire = createWire({ router, ...settings });
  const client = await openClient(wire);
  await client.send(text);
  expect(client.closed?.code).toBe(4502);
  expect(errors).toEqual([]);
});

it('refuses a router with members that cannot be served', () => {
  expect(() => createWire({ router: contract.router({ send: contract.mutation() }) })).toThrow('send has no handler');
  expect(() => createWire({ router: contract.router({ news: contract.channel({ event: z.string() }) }) })).toThrow(
    'news has no rules',
  );
  const news = t.channel({ event: z.string() });
  expect(() => createWire({ router: t.router({ one: news, two: news }) })).toThrow('stands twice');
});

it.each(['close', 'drain'] as const)('leaves a broker it was given open on %s, as others may use it', async (how) => {
  const { settings, environment } = served();
  const broker = new MemoryBroker(environment);
  let closed = 0;
  broker.close = async () => void closed++;
  const wire = createWire({ router, ...settings, broker });
  await wire[how]();
  expect(closed).toBe(0);
});
