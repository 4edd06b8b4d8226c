import { settled } from '@typewire/testing';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { createWire, typewire } from '../src/index.ts';
import { openClient, RawClient, served } from './raw-client.ts';

const t = typewire();

/** Handlers that wait until they are let go, whatever their signal says. */
function deaf() {
  const waiting: Array<() => void> = [];
  const wait = (): Promise<void> => new Promise((resolve) => waiting.push(resolve));
  return { waiting, wait, router: t.router({ wait: t.query(wait), one: t.query(() => 1) }) };
}

it('counts a call that was cancelled until its handler has stopped', async () => {
  const { settings } = served();
  const { waiting, router } = deaf();
  const client = await openClient(createWire({ router, ...settings, limits: { maxCallsInFlight: 3 } }));

  for (let id = 1; id <= 100; id++) {
    await client.send([16, id, 'wait', 0]);
    await client.send([19, id]);
  }

  expect(waiting).toHaveLength(3);
});

it('counts a call that has timed out until its handler has stopped, and reads again then', async () => {
  const { settings, environment } = served();
  const { waiting, router } = deaf();
  const client = await openClient(createWire({ router, ...settings, limits: { maxCallsInFlight: 2 } }));

  for (const id of [1, 2]) await client.send([16, id, 'wait', 1_000]);
  await client.send([16, 3, 'one', 0]);
  await environment.clock.advanceAsync(2_000);
  expect(client.take()).toEqual([]);
  waiting[0]?.();
  await settled();

  expect(client.take().map((message) => message.slice(0, 3))).toEqual([
    [18, 1, 'TIMEOUT'],
    [17, 3, 1],
  ]);
});

it.each(['subscribe', 'publish'])('counts a %s whose rule has not answered', async (verb) => {
  const { settings } = served();
  const { waiting, wait } = deaf();
  const rule = (): Promise<boolean> => wait().then(() => true);
  const room = t.channel({ params: z.string(), event: z.string(), subscribe: rule, publish: rule });
  const client = await openClient(
    createWire({ router: t.router({ room }), ...settings, limits: { maxCallsInFlight: 2 } }),
  );

  for (let id = 1; id <= 5; id++) {
    await client.send(
      verb === 'subscribe' ? [32, id, 'room', null, 0, `${id}`] : [38, id, 'room', `${id}`, null, 'hi'],
    );
  }
  expect(waiting).toHaveLength(2);
  waiting[0]?.();
  await settled();

  expect(waiting).toHaveLength(3);
});

it('hears credit, cancels and pongs beside as many streams as there may be', async () => {
  const { settings, environment } = served();
  const count = t.stream(async function* () {
    for (let index = 0; ; index++) yield index;
  });
  const client = await openClient(
    createWire({ router: t.router({ count }), ...settings, limits: { maxStreams: 128 } }),
  );
  for (let id = 1; id <= 128; id++) await client.send([20, id, 'count', 0, 1, null]);
  client.take();

  await client.send([20, 129, 'count', 0, 1, null]);
  await client.send([23, 7, 1]);
  await client.send([19, 8]);
  await client.send([20, 130, 'count', 0, 1, null]);

  const [refused, ...items] = client.take();
  expect(refused).toEqual([18, 129, 'LIMIT_EXCEEDED', expect.stringContaining('limits.maxStreams')]);
  expect(items).toEqual([
    [21, 7, 1],
    [21, 130, 0],
  ]);
  for (let round = 0; round < 3; round++) {
    await environment.clock.advanceAsync(28_000);
    await client.send([10]);
  }
  expect(client.closed).toBeNull();
});

it('does not take a client for dead while it does not read from it, and lets it hear that the server lives', async () => {
  const { settings, environment } = served();
  const { waiting, router } = deaf();
  const client = await openClient(createWire({ router, ...settings, limits: { maxCallsInFlight: 1 } }));
  await environment.clock.advanceAsync(20_000);
  await client.send([16, 1, 'wait', 0]);

  await environment.clock.advanceAsync(100_000);
  expect(client.closed).toBeNull();
  expect(client.take()).toEqual([[9], [9], [9]]);
  waiting[0]?.();
  await environment.clock.advanceAsync(5_000);
  expect(client.take()).toEqual([[17, 1]]);
  await environment.clock.advanceAsync(40_000);

  expect(client.closed?.code).toBe(1006);
});

it('does not read a new connection of a session that is at its limit', async () => {
  const { settings } = served();
  const { waiting, router } = deaf();
  const wire = createWire({ router, ...settings, limits: { maxCallsInFlight: 1 } });
  const first = new RawClient(wire);
  await first.send([1, 1, { control: false }]);
  const [, session, { token }] = first.take()[0] as [number, string, { token: string }];
  await first.send([16, 1, 'wait', 0]);
  first.pair.cut();
  await settled();

  const second = new RawClient(wire);
  await second.send([1, 1, { control: false, resume: [session, token, 0] }]);
  await second.send([16, 2, 'one', 0]);
  expect(second.take()).toHaveLength(1);
  waiting[0]?.();
  await settled();

  expect(second.take()).toEqual([
    [17, 1],
    [17, 2, 1],
  ]);
});
