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

it('does not take a client for dead while it reads from it only now and then', async () => {
  const { settings, environment } = served();
  const { waiting, router } = deaf();
  const limits = { maxCallsInFlight: 1, maxHeldCalls: 1 };
  const client = await openClient(createWire({ router, ...settings, limits }));
  await environment.clock.advanceAsync(20_000);
  for (let id = 1; id <= 26; id++) await client.send([16, id, 'wait', 0]);

  // One ends every 4 s, and the next two are read: one begins, and one is held.
  for (let round = 0; round < 25; round++) {
    await environment.clock.advanceAsync(4_000);
    waiting.shift()?.();
    await settled();
  }
  expect(client.closed).toBeNull();
  waiting.shift()?.();
  await environment.clock.advanceAsync(60_000);

  expect(client.closed?.code).toBe(1006);
});

it('begins nothing over a new connection of a session that is at its limit', async () => {
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

/** A session whose one call waits for ever, and another message over it for each of `more`. */
async function full(limits: { maxHeldCalls?: number; maxHeldBytes?: number } = {}) {
  const { settings, environment, errors } = served();
  const { waiting, wait } = deaf();
  const ran: unknown[] = [];
  const chunks: string[] = [];
  const room = t.channel({ event: z.string(), subscribe: () => true, publish: () => true });
  const router = t.router({
    wait: t.query(wait),
    note: t.input(z.unknown()).mutation(({ input }) => {
      ran.push(input);
      return input;
    }),
    later: t.query(({ remainingMs }) => remainingMs()),
    count: t.stream(async function* () {
      for (let index = 0; ; index++) yield index;
    }),
    join: t.upload(z.string()).mutation(async ({ incoming }) => {
      for await (const chunk of incoming) chunks.push(chunk);
      return chunks.length;
    }),
    room,
  });
  const wire = createWire({ router, ...settings, limits: { maxCallsInFlight: 1, ...limits } });
  const client = await openClient(wire);
  await client.send([16, 1, 'wait', 0]);
  return { client, waiting, ran, chunks, environment, errors, wire };
}

it('holds what is asked beyond the limit, and begins it in order when there is room', async () => {
  const { client, waiting, ran } = await full();
  await client.send([24, 2, 'note', 0, null, 'a']);
  await client.send([32, 3, 'room', null, 0]);
  await client.send([38, 4, 'room', null, null, 'b']);
  await client.send([20, 5, 'count', 0, 2, null]);
  await client.send([24, 6, 'note', 0, null, 'c']);
  expect(client.take()).toEqual([]);
  expect(ran).toEqual([]);

  waiting[0]?.();
  await settled();

  const answers = client.take();
  expect(answers.slice(0, 2).map(([type, id]) => [type, id])).toEqual([
    [17, 1],
    [17, 2],
  ]);
  expect(answers.filter(([type]) => type === 33 || type === 35).map(([type]) => type)).toEqual([33, 35]);
  expect(answers.filter(([type, id]) => type === 21 && id === 5)).toHaveLength(2);
  expect(ran).toEqual(['a', 'c']);
});

it('never runs what was cancelled while it was held', async () => {
  const { client, waiting, ran } = await full();
  for (const id of [2, 3, 4]) await client.send([24, id, 'note', 0, null, id]);
  await client.send([19, 3]);
  waiting[0]?.();
  await settled();

  expect(ran).toEqual([2, 4]);
  expect(client.take().map(([, id]) => id)).toEqual([1, 2, 4]);
});

it('runs mutations of one key once when they were held', async () => {
  const { client, waiting, ran } = await full();
  await client.send([24, 2, 'note', 0, 'key', 'a']);
  await client.send([24, 3, 'note', 0, 'key', 'a']);
  await client.send([24, 4, 'note', 0, 'key', 'b']);
  waiting[0]?.();
  await settled();

  expect(ran).toEqual(['a']);
  expect(client.take().map((message) => message.slice(0, 3))).toEqual([
    [17, 1],
    [17, 2, 'a'],
    [17, 3, 'a'],
    [18, 4, 'CONFLICT'],
  ]);
});

it('counts the time of a call from its arrival, and does not run one whose time is over when its turn comes', async () => {
  const { client, waiting, ran, environment } = await full();
  await client.send([24, 2, 'note', 1_000, null, 'late']);
  await client.send([16, 3, 'later', 5_000]);
  await environment.clock.advanceAsync(2_000);
  waiting[0]?.();
  await settled();

  expect(ran).toEqual([]);
  expect(client.take().slice(1)).toEqual([
    [18, 2, 'TIMEOUT', expect.stringContaining('limits.maxCallsInFlight')],
    [17, 3, 3_000],
  ]);
});

it('keeps what is said about a held stream or upload with it', async () => {
  const { client, waiting, chunks } = await full();
  await client.send([24, 2, 'note', 0, null, 1]);
  await client.send([20, 3, 'count', 0, 1, null]);
  await client.send([23, 3, 2]);
  await client.send([31, 4, 'join', 0, null]);
  await client.send([26, 4]);
  waiting[0]?.();
  await settled();

  const answers = client.take();
  expect(answers.filter(([type, id]) => type === 21 && id === 3)).toHaveLength(3);
  expect(answers).toContainEqual([17, 4, 0]);
  expect(chunks).toEqual([]);
});

it('closes a connection whose held requests break the protocol, before or when their turn comes', async () => {
  for (const messages of [
    [
      [24, 3, 'note', 0, null, 1],
      [24, 2, 'note', 0, null, 1],
    ],
    [
      [24, 3, 'note', 0, null, 1],
      [24, 3, 'note', 0, null, 1],
    ],
    [[24, 2, 'note', 0, null, 1, { values: { no: ['Date'] }, v: 1 }]],
    [
      [31, 2, 'join', 0, null],
      [24, 3, 'note', 0, null, 1],
      [31, 4, 'join', 0, null],
      [25, 4, 'x'],
    ],
  ]) {
    const { client, waiting, ran } = await full();
    for (const message of messages) await client.send(message);
    waiting[0]?.();
    await settled();
    expect(client.closed?.code, JSON.stringify(messages)).toBe(4502);
    expect(ran.length).toBeLessThan(2);
  }
});

it('stops reading when as much is held as may be, and goes on when there is room', async () => {
  const { client, waiting, ran } = await full({ maxHeldCalls: 2 });
  for (let id = 2; id <= 10; id++) await client.send([24, id, 'note', 0, null, id]);
  const { bufferedBytes } = client.pair.left;
  expect(bufferedBytes).toBeGreaterThan(0);
  waiting[0]?.();
  await settled();

  expect(ran).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10]);
  expect(client.pair.left.bufferedBytes).toBe(0);
});

it('stops reading when what is held is as large as it may be', async () => {
  const { client, waiting, ran } = await full({ maxHeldBytes: 1_000 });
  for (let id = 2; id <= 6; id++) await client.send([24, id, 'note', 0, null, 'x'.repeat(400)]);
  expect(client.pair.left.bufferedBytes).toBeGreaterThan(400);
  waiting[0]?.();
  await settled();
  expect(ran).toHaveLength(5);
});

/** Messages in batches as large as they may be, with ids from 2 on. */
function batches(count: number, message: (id: number) => unknown[]): string[] {
  return Array.from({ length: count }, (_, batch) =>
    JSON.stringify(Array.from({ length: 64 }, (__, index) => message(2 + batch * 64 + index))),
  );
}

it.each<[string, number, unknown]>([
  ['many small calls', 200, 1],
  ['few large ones', 4, 'x'.repeat(15_000)],
])(
  'holds no more than a read beyond what may be held, whatever a transport goes on to bring: %s',
  async (_, count, input) => {
    const { client } = await full({ maxHeldCalls: 2 });
    client.pair.right.pause = () => {};
    for (const batch of batches(count, (id) => [24, id, 'note', 0, null, input])) await client.send(batch);

    const refused = client.take();
    expect(refused.length).toBeGreaterThan(50);
    expect(new Set(refused.map((message) => message[2]))).toEqual(new Set(['LIMIT_EXCEEDED']));
  },
);

it('refuses nothing of what a transport had read when it was told to stop', async () => {
  const { client, waiting, ran } = await full({ maxHeldCalls: 2 });
  client.pair.right.pause = () => {};
  for (const batch of batches(40, (id) => [24, id, 'note', 0, null, id])) await client.send(batch);
  waiting[0]?.();
  await settled();

  expect(ran).toHaveLength(40 * 64);
});

it('measures what is held of a batch, wherever in it a large request stands', async () => {
  const { client } = await full({ maxHeldBytes: 1_000 });
  await client.send(
    JSON.stringify([
      [19, 1_000],
      [24, 2, 'note', 0, null, 'x'.repeat(1_000)],
    ]),
  );
  await client.send([24, 3, 'note', 0, null, 1]);

  expect(client.pair.left.bufferedBytes).toBeGreaterThan(0);
});

it('renews the authentication of a client at its limit', async () => {
  const { settings, environment } = served();
  const { router } = deaf();
  const shown: unknown[] = [];
  const wire = createWire({
    router,
    ...settings,
    limits: { maxCallsInFlight: 1, maxHeldCalls: 1 },
    authenticate: ({ auth }) => {
      shown.push(auth);
      return { context: {}, subject: 'ann', expiresAt: environment.wallNow() + 60_000 };
    },
  });
  const client = await openClient(wire, 'first');
  for (let id = 1; id <= 10; id++) await client.send([16, id, 'wait', 0]);
  for (let round = 0; round < 10; round++) {
    await client.send([5, `fresh ${round}`]);
    await environment.clock.advanceAsync(30_000);
    client.pair.left.send('[9]');
  }

  expect(shown).toContain('fresh 9');
  expect(client.closed).toBeNull();
});

it('hears the credit that its calls wait for, behind any number of other calls', async () => {
  const { settings, environment } = served();
  let items = 0;
  let tell = (): void => {};
  const router = t.router({
    count: t.stream(async function* () {
      for (;;) {
        yield ++items;
        tell();
      }
    }),
    // Each waits for the stream to get further, which waits for credit of the same client.
    reached: t.input(z.number()).query(async ({ input }) => {
      while (items < input) {
        await new Promise<void>((resolve) => {
          const before = tell;
          tell = () => {
            before();
            resolve();
          };
        });
      }
      return input;
    }),
  });
  const limits = { maxCallsInFlight: 4, maxHeldCalls: 4, maxStreams: 4 };
  const client = await openClient(createWire({ router, ...settings, limits }));
  for (let id = 1; id <= 4; id++) await client.send([20, id, 'count', 0, 1, null]);
  for (let id = 5; id <= 40; id++) await client.send([16, id, 'reached', 0, 6]);
  for (let id = 1; id <= 4; id++) await client.send([23, id, 4]);
  client.take();
  // Without an end of a call, it is not read from.
  await environment.clock.advanceAsync(4_000);
  expect(client.take()).toEqual([]);

  await environment.clock.advanceAsync(2_000);
  await settled();

  const answers = client.take();
  const idsOf = (type: number): unknown[] => answers.filter((message) => message[0] === type).map(([, id]) => id);
  const ran = idsOf(17);
  const refused = idsOf(18);
  expect(ran).toEqual([5, 6, 7, 8, 9, 10, 11, 12]);
  expect([...ran, ...refused]).toHaveLength(36);
  expect(answers.find(([type]) => type === 18)).toEqual([
    18,
    13,
    'LIMIT_EXCEEDED',
    expect.stringContaining('limits.maxHeldCalls'),
  ]);
  expect(client.pair.left.bufferedBytes).toBe(0);
});
