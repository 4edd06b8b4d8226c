import { typewire } from '@typewire/server';
import { settled } from '@typewire/testing';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { createClient, fullJitter, safe } from '../src/index.ts';
import { hintedDelay } from '../src/reconnect.ts';
import { opened, serveClient } from './served-client.ts';

const t = typewire();
const one = t.query(() => 1);
const never = t.mutation(() => new Promise<number>(() => {}));
const router = t.router({ one, never });

it('comes back by itself within a second of a lost connection', async () => {
  const served = await opened(serveClient(router));

  served.network.cut();
  await settled();
  expect(served.client.status).toMatchObject({
    state: 'reconnecting',
    attempt: 1,
    error: { code: 'LOST', closeCode: 1006 },
  });
  const { retryAtMs } = served.client.status;
  expect(retryAtMs).toBeGreaterThanOrEqual(served.environment.now());
  expect(retryAtMs).toBeLessThan(served.environment.now() + 1_000);
  await served.environment.clock.advanceAsync(1_000);

  expect(served.client.status).toMatchObject({ state: 'open', retryAtMs: null, error: null });
  expect(await served.client.api.one.query()).toBe(1);
});

it('goes on trying while the server is away, and waits longer each time within the cap', async () => {
  const served = await opened(serveClient(router));
  served.network.reachable = false;
  served.network.cut();
  await served.environment.clock.advanceAsync(600_000);

  const attempts = served.network.pairs.length - 1;
  expect(attempts).toBeGreaterThan(20);
  expect(attempts).toBeLessThan(90);
  expect(served.client.status.state).toBe('reconnecting');

  served.network.reachable = true;
  await served.environment.clock.advanceAsync(30_000);
  expect(served.client.status.state).toBe('open');
});

it('counts attempts from one again after a connection was stable', async () => {
  const served = await opened(serveClient(router));
  for (const expected of [1, 2, 3]) {
    served.network.cut();
    await settled();
    expect(served.client.status.attempt).toBe(expected);
    await served.environment.clock.advanceAsync((served.client.status.retryAtMs ?? 0) - served.environment.now());
    expect(served.client.status.state).toBe('open');
  }
  await served.environment.clock.advanceAsync(10_000);
  served.network.cut();
  await settled();
  expect(served.client.status.attempt).toBe(1);
});

it('repeats a query that was under way when the session is lost, and fails a mutation with delivery unknown', async () => {
  let runs = 0;
  const slow = t.query(() => (++runs === 1 ? new Promise<number>(() => {}) : runs));
  const served = await opened(serveClient(t.router({ slow, never })));
  const query = served.client.api.slow.query();
  const mutation = safe(served.client.api.never.mutate());
  await settled();

  served.restart();
  await served.environment.clock.advanceAsync(1_000);

  expect(served.client.status.session).toBe('lost');
  expect(await query).toBe(2);
  expect(await mutation).toMatchObject({ error: { code: 'DISCONNECTED', delivery: 'unknown' } });
});

it('runs a mutation made while disconnected once, when the connection is back', async () => {
  let runs = 0;
  const served = await opened(serveClient(t.router({ run: t.mutation(() => ++runs) })));
  served.network.cut();
  await settled();
  const mutation = served.client.api.run.mutate();
  await served.environment.clock.advanceAsync(1_000);
  expect(await mutation).toBe(1);
  await served.environment.clock.advanceAsync(60_000);
  expect(runs).toBe(1);
});

it('notices a server that answers nothing any more, and reconnects', async () => {
  const served = await opened(serveClient(router));
  served.network.pairs[0]?.hold();

  await served.environment.clock.advanceAsync(30_000);
  expect(served.client.status.state).toBe('open');
  await served.environment.clock.advanceAsync(7_000);

  expect(served.network.pairs).toHaveLength(2);
  expect(served.statuses.some(({ error }) => error?.closeCode === 4001)).toBe(true);
  expect(served.client.status.state).toBe('open');
});

it('gives up a connection that does not open in time', async () => {
  const served = serveClient(router);
  await Promise.resolve();
  served.network.pairs[0]?.hold();
  await served.environment.clock.advanceAsync(10_000);
  expect(served.client.status.error?.message).toContain('10000 ms');
  await served.environment.clock.advanceAsync(1_000);
  expect(served.client.status.state).toBe('open');
});

it('stays away from a server that refuses it for good', async () => {
  const refusing = serveClient(router, { auth: 'x'.repeat(20_000) });
  const call = safe(refusing.client.api.one.query());
  await settled();
  expect(refusing.client.status).toMatchObject({ state: 'closed', error: { code: 'REFUSED', closeCode: 1009 } });
  expect(await call).toMatchObject({ error: { code: 'DISCONNECTED', delivery: 'not-sent' } });
  await refusing.environment.clock.advanceAsync(600_000);
  expect(refusing.network.pairs).toHaveLength(1);
});

it('asks auth and url before each attempt, and retries when they throw', async () => {
  let tokens = 0;
  const served = serveClient(router, {
    auth: async () => {
      if (++tokens === 1) throw new Error('no network');
      return `token ${tokens}`;
    },
  });
  await settled();
  expect(served.client.status).toMatchObject({ state: 'connecting', attempt: 1, error: { code: 'AUTH' } });
  await served.environment.clock.advanceAsync(1_000);
  expect(served.client.status.state).toBe('open');
  served.network.cut();
  await served.environment.clock.advanceAsync(2_000);
  expect(tokens).toBe(3);
  expect(served.network.pairs.map((pair) => pair.left.sent[0]?.split('"token ')[1])).toEqual(['2"]', '3"]']);
});

it('counts an auth that never answers as a failed attempt, and ignores what it says later', async () => {
  const answers: Array<(token: string) => void> = [];
  const auth = (): Promise<string> => new Promise((resolve) => answers.push(resolve));
  const served = serveClient(router, { auth });
  await served.environment.clock.advanceAsync(9_999);
  expect(served.client.status).toMatchObject({ state: 'connecting', attempt: 0 });
  await served.environment.clock.advanceAsync(1);
  expect(served.client.status).toMatchObject({ attempt: 1, error: { code: 'AUTH' } });
  expect(served.client.status.error?.message).toContain('10000 ms');
  answers[0]?.('late');
  await served.environment.clock.advanceAsync(1_000);
  expect(served.network.pairs).toHaveLength(0);
  answers[1]?.('in time');
  await settled();
  expect(served.client.status.state).toBe('open');
});

it('gives a url that never answers up, too', async () => {
  const served = serveClient(router, { url: () => new Promise<string>(() => {}) });
  await served.environment.clock.advanceAsync(10_000);
  expect(served.client.status).toMatchObject({ attempt: 1, error: { code: 'AUTH' } });
});

it.each([
  [
    'throws',
    (): number => {
      throw new Error('a bug of the page');
    },
  ],
  ['returns NaN', () => Number.NaN],
  ['returns a negative delay', () => -5],
  ['waits for ever', () => Number.POSITIVE_INFINITY],
])('uses the default delay when retryDelayMs %s, and reports it', async (_name, retryDelayMs) => {
  const reported: unknown[] = [];
  Object.assign(globalThis, { reportError: (error: unknown): void => void reported.push(error) });
  try {
    const served = await opened(serveClient(router, { retryDelayMs }));
    served.network.cut();
    await settled();
    expect(served.client.status.state).toBe('reconnecting');
    await served.environment.clock.advanceAsync(1_000);
    expect(served.client.status.state).toBe('open');
    expect(reported).toHaveLength(1);
  } finally {
    Reflect.deleteProperty(globalThis, 'reportError');
  }
});

it('may be closed by retryDelayMs', async () => {
  const served = await opened(
    serveClient(router, {
      retryDelayMs: () => {
        void served.client.close();
        return 1;
      },
    }),
  );
  served.network.cut();
  await settled();
  expect(served.client.status).toMatchObject({ state: 'closed', retryAtMs: null });
  // Time for the server to forget the session.
  await served.environment.clock.advanceAsync(121_000);
  expect(served.environment.clock.pending).toBe(0);
});

it('stays away no longer than five to ten minutes, whatever a server says', async () => {
  const served = await opened(serveClient(router));
  served.network.pairs[0]?.right.send('[8,1012,9007199254740991]');
  served.network.pairs[0]?.right.close(1012, '');
  await settled();
  const delayMs = (served.client.status.retryAtMs ?? 0) - served.environment.now();
  expect(delayMs).toBeGreaterThanOrEqual(300_000);
  expect(delayMs).toBeLessThan(600_000);
});

it('comes back when a draining server said, give or take as much again', async () => {
  const served = await opened(serveClient(router));
  await served.wire.drain({ spreadMs: 20_000 });
  await settled();
  const leave = served.network.pairs[0]?.right.sent.at(-1) ?? '';
  const hintMs = Number(/\[8,1012,(\d+)\]/.exec(leave)?.[1]);
  const delayMs = (served.client.status.retryAtMs ?? 0) - served.environment.now();
  expect(delayMs).toBeGreaterThanOrEqual(hintMs);
  expect(delayMs).toBeLessThan(hintMs * 2);
});

it('gives up when retryDelayMs says so', async () => {
  const served = await opened(serveClient(router, { retryDelayMs: () => null }));
  served.network.cut();
  await settled();
  expect(served.client.status).toMatchObject({ state: 'closed', error: { code: 'GAVE_UP' } });
});

it('leaves no timer, call or subscription behind when it is closed', async () => {
  const channel = t.channel({ event: z.string(), subscribe: () => true });
  const served = await opened(serveClient(t.router({ never, channel })));
  const call = safe(served.client.api.never.mutate());
  const ends: unknown[] = [];
  served.client.api.channel.subscribe().on('closed', (error) => ends.push(error));
  await settled();

  await served.client.close();
  await settled();

  expect(await call).toMatchObject({ error: { code: 'DISCONNECTED', delivery: 'unknown' } });
  expect(ends).toEqual([null]);
  expect(served.environment.clock.pending).toBe(0);
  expect(served.wire.connections).toBe(0);
  expect(await safe(served.client.api.never.mutate())).toMatchObject({ error: { delivery: 'not-sent' } });
});

it('can be closed while it connects, while it waits, and inside a listener', async () => {
  const connecting = serveClient(router);
  await connecting.client.close();
  await settled();
  expect(connecting.environment.clock.pending).toBe(0);
  expect(connecting.wire.connections).toBe(0);

  const waiting = await opened(serveClient(router));
  waiting.network.cut();
  await settled();
  await waiting.client.close();
  await waiting.environment.clock.advanceAsync(121_000);
  expect(waiting.environment.clock.pending).toBe(0);

  const inside = serveClient(router);
  inside.client.on('status', ({ state }) => {
    if (state === 'open') void inside.client.close();
  });
  await settled();
  expect(inside.client.status.state).toBe('closed');
  expect(inside.wire.connections).toBe(0);
  expect(inside.environment.clock.pending).toBe(0);
});

it('measures the round trip', async () => {
  const served = await opened(serveClient(router));
  expect(served.client.status.latencyMs).toBeNull();
  await served.environment.clock.advanceAsync(500);
  expect(served.client.status.latencyMs).toBe(0);
});

it('tries at once when it is told to', async () => {
  const served = await opened(serveClient(router));
  served.network.reachable = false;
  served.network.cut();
  await served.environment.clock.advanceAsync(60_000);
  served.network.reachable = true;
  const attempts = served.network.pairs.length;

  served.client.reconnect();
  await settled();

  expect(served.network.pairs).toHaveLength(attempts + 1);
  expect(served.client.status.state).toBe('open');
});

it('keeps what a listener of its own loss calls for the next connection', async () => {
  let runs = 0;
  const channel = t.channel({ event: z.string(), subscribe: () => true });
  const served = await opened(serveClient(t.router({ run: t.mutation(() => ++runs), channel })));
  const calls: Array<Promise<number>> = [];
  served.client.on('status', ({ state }) => {
    if (state === 'reconnecting') calls.push(served.client.api.run.mutate());
  });
  served.client.api.channel.subscribe().on('status', ({ state }) => {
    if (state === 'connecting') calls.push(served.client.api.run.mutate());
  });
  await settled();
  served.network.cut();
  await served.environment.clock.advanceAsync(1_000);

  const results = await Promise.all(calls);
  expect(results.length).toBeGreaterThan(1);
  expect(runs).toBe(results.length);
});

it('subscribes again before it sends what waited, so that nobody misses his own words', async () => {
  const channel = t.channel({ event: z.string(), subscribe: () => true });
  const say = t.mutation(({ publish }) => publish(channel(), 'waited'));
  const served = await opened(serveClient(t.router({ channel, say })));
  served.client.api.channel.subscribe();
  await settled();
  served.restart();
  await settled();
  void served.client.api.say.mutate();
  await served.environment.clock.advanceAsync(1_000);

  expect(served.network.pairs[1]?.left.sent[1]).toMatch(/^\[\[32,1,.*\],\[24,2,"say"/);
});

it('subscribes again even when the queue is full', async () => {
  const channel = t.channel({ event: z.string(), subscribe: () => true });
  const echo = t.input(z.string()).query(({ input }) => input.length);
  const served = await opened(serveClient(t.router({ channel, echo }), { maxQueueBytes: 1_000 }));
  const subscription = served.client.api.channel.subscribe();
  await settled();
  served.network.cut();
  await settled();
  const waiting = served.client.api.echo.query('x'.repeat(990));
  await served.environment.clock.advanceAsync(1_000);

  expect(await waiting).toBe(990);
  expect(subscription.status.state).toBe('live');
});

it('spreads attempts uniformly up to a bound that doubles to 30 s', () => {
  const bounds = [1, 2, 3, 4, 5, 6, 7, 20].map((attempt) => fullJitter(attempt, () => 1));
  expect(bounds).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
  expect(fullJitter(9, () => 0)).toBe(0);
  expect(hintedDelay(1_000, () => 0.5)).toBe(1_500);
});

it.each([
  [{}, 'url'],
  [{ url: 'ws://x', callTimeoutMs: 0 }, 'callTimeoutMs'],
  [{ url: 'ws://x', streamWindow: -1 }, 'streamWindow'],
  [{ url: 'ws://x', streamWindow: 1.5 }, 'streamWindow'],
  [{ url: 'ws://x', streamWindow: Number.POSITIVE_INFINITY }, 'streamWindow'],
])('refuses the options %j', (options, name) => {
  expect(() => createClient(options as never)).toThrow(name);
});

it('tries again after whatever auth has thrown, even what has no text', async () => {
  let asked = 0;
  const auth = (): unknown => {
    if (asked++ === 0) throw Object.create(null);
    return undefined;
  };
  const { client, environment } = serveClient(router, { auth });
  await environment.clock.advanceAsync(2_000);
  await settled();
  expect(asked).toBe(2);
  expect(client.status.state).toBe('open');
});

it('tells the status last that holds, also who listens behind a listener that closes the client', async () => {
  const served = serveClient(router);
  served.client.on('status', ({ state }) => state === 'open' && void served.client.close());
  const told: string[] = [];
  served.client.on('status', ({ state }) => told.push(state));
  await settled();

  expect(served.client.status.state).toBe('closed');
  expect(told.at(-1)).toBe('closed');
});
