import { settled } from '@typewire/testing';
import { expect, it } from 'vitest';
import { createWire, typewire } from '../src/index.ts';
import { openClient, served } from './raw-client.ts';

const t = typewire();
const router = t.router({ one: t.query(() => 1) });

it('pings a silent client within the interval and a tenth, and drops it when nothing answers', async () => {
  const { settings, environment } = served();
  const wire = createWire({ router, ...settings });
  const client = await openClient(wire);

  await environment.clock.advanceAsync(22_000);
  expect(client.take()).toEqual([]);
  await environment.clock.advanceAsync(6_000);
  expect(client.take()).toEqual([[9]]);
  await environment.clock.advanceAsync(11_000);

  expect(client.closed?.code).toBe(1006);
  expect(wire.connections).toBe(0);
  await environment.clock.advanceAsync(121_000);
  expect(environment.clock.pending).toBe(0);
});

it('keeps a client that answers', async () => {
  const { settings, environment } = served();
  const wire = createWire({ router, ...settings });
  const client = await openClient(wire);

  for (let round = 0; round < 5; round++) {
    await environment.clock.advanceAsync(28_000);
    expect(client.take()).toEqual([[9]]);
    await client.send([10]);
  }

  expect(client.closed).toBeNull();
});

it('answers a client that pings', async () => {
  const { settings } = served();
  const client = await openClient(createWire({ router, ...settings }));
  await client.send([9]);
  expect(client.take()).toEqual([[10]]);
});

it('keeps no timer without connections', async () => {
  const { settings, environment } = served();
  const wire = createWire({ router, ...settings });
  expect(environment.clock.pending).toBe(0);
  const client = await openClient(wire);
  expect(environment.clock.pending).toBe(1);
  client.pair.left.close(1000, '');
  await settled();
  expect(environment.clock.pending).toBe(0);
});
