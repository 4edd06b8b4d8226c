import { typewire } from '@typewire/server';
import { settled } from '@typewire/testing';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { safe } from '../src/index.ts';
import { opened, type ServedClient, serveClient } from './served-client.ts';

const t = typewire();

/** A server whose slow mutation finishes when the test says so, a channel and a stream. */
function declare() {
  const state = { runs: 0, finish: (): void => {}, produced: 0, left: false };
  const news = t.channel({ event: z.string(), subscribe: () => true });
  const slow = t.mutation(async () => {
    state.runs++;
    await new Promise<void>((resolve) => {
      state.finish = resolve;
    });
    return state.runs;
  });
  const count = t.stream(async function* () {
    try {
      for (;;) yield state.produced++;
    } finally {
      state.left = true;
    }
  });
  const echo = t.input(z.number()).mutation(({ input }) => input);
  return { state, news, router: t.router({ news, slow, count, echo }) };
}

/** Loses the connection and has it back a little later. */
async function blip<Tree>(served: ServedClient<Tree>): Promise<void> {
  served.network.cut();
  await served.environment.clock.advanceAsync(5_000);
  expect(served.client.status.state).toBe('open');
}

it('finishes a mutation that was under way as if nothing had happened, and runs it once', async () => {
  const { state, router } = declare();
  const served = await opened(serveClient(router));
  const call = served.client.api.slow.mutate();
  await settled();

  await blip(served);
  state.finish();

  expect(await call).toBe(1);
  expect(served.client.status.session).toBe('resumed');
});

it('delivers a result that was made while there was no connection', async () => {
  const { state, router } = declare();
  const served = await opened(serveClient(router));
  const call = served.client.api.slow.mutate();
  await settled();

  served.network.cut();
  await settled();
  state.finish();
  await settled();
  await served.environment.clock.advanceAsync(1_000);

  expect(await call).toBe(1);
  expect(state.runs).toBe(1);
});

it('delivers a call that was lost on its way, once', async () => {
  const { router } = declare();
  const served = await opened(serveClient(router));
  served.network.pairs[0]?.hold();
  const call = served.client.api.echo.mutate(7);
  await settled();

  await blip(served);

  expect(await call).toBe(7);
});

it('goes on with channels in order, without a word to their subscribers, also without history', async () => {
  const { news, router } = declare();
  const served = await opened(serveClient(router));
  const heard: string[] = [];
  const subscription = served.client.api.news.subscribe();
  subscription.on('event', (event) => heard.push(event));
  subscription.on('status', ({ state }) => heard.push(state));
  subscription.on('gap', () => heard.push('gap'));
  await settled();

  await served.wire.publish(news(), 'one');
  served.network.cut();
  await served.wire.publish(news(), 'two');
  await settled();
  await served.wire.publish(news(), 'three');
  await served.environment.clock.advanceAsync(1_000);
  await served.wire.publish(news(), 'four');
  await settled();

  expect(heard).toEqual(['live', 'one', 'two', 'three', 'four']);
});

it('goes on with a stream, every item once and in order', async () => {
  const { router } = declare();
  const served = await opened(serveClient(router, { streamWindow: 4 }));
  const items: number[] = [];
  for await (const item of served.client.api.count.stream()) {
    items.push(item);
    if (item === 5 || item === 11) await blip(served);
    if (item === 20) break;
  }
  expect(items).toEqual(Array.from({ length: 21 }, (_, index) => index));
});

it('cancels on the server what was cancelled without a connection', async () => {
  const { state, router } = declare();
  const served = await opened(serveClient(router, { streamWindow: 2 }));
  const stream = served.client.api.count.stream();
  await stream.next();
  await settled();
  served.network.cut();
  await settled();

  await stream.return?.();
  expect(state.left).toBe(false);
  await served.environment.clock.advanceAsync(1_000);

  expect(state.left).toBe(true);
});

it('survives many cuts in a row, and calls made in between', async () => {
  const { router } = declare();
  const served = await opened(serveClient(router));
  const calls: Array<Promise<number>> = [];
  for (let round = 0; round < 30; round++) {
    calls.push(served.client.api.echo.mutate(round));
    if (round % 2 === 0) await settled();
    served.network.cut();
    if (round % 3 === 0) await settled();
    calls.push(served.client.api.echo.mutate(1_000 + round));
    await served.environment.clock.advanceAsync(40_000);
  }
  const expected = Array.from({ length: 30 }, (_, round) => [round, 1_000 + round]).flat();
  expect(await Promise.all(calls)).toEqual(expected);
});

it('takes a session over from a connection the server still believes alive', async () => {
  const { state, router } = declare();
  const served = await opened(serveClient(router));
  const call = served.client.api.slow.mutate();
  await settled();
  served.network.pairs[0]?.hold();
  served.client.reconnect();
  await served.environment.clock.advanceAsync(4_000);

  expect(served.client.status).toMatchObject({ state: 'open', session: 'resumed' });
  expect(served.wire.connections).toBe(1);
  state.finish();
  expect(await call).toBe(1);
});

it('gives up after the window, and says what may have run', async () => {
  const { router } = declare();
  const served = await opened(serveClient(router));
  const call = safe(served.client.api.slow.mutate(undefined, { timeoutMs: 1_000_000 }));
  await settled();
  served.network.reachable = false;
  served.network.cut();
  await served.environment.clock.advanceAsync(119_000);
  expect(served.wire.sessions.count).toBe(1);
  await served.environment.clock.advanceAsync(2_000);

  expect(await call).toMatchObject({ error: { code: 'DISCONNECTED', delivery: 'unknown' } });
  expect(served.wire.sessions.count).toBe(0);
});

it('says overflow when more was missed than is kept, and begins anew', async () => {
  const { news, router } = declare();
  const served = await opened(serveClient(router));
  const heard: string[] = [];
  const subscription = served.client.api.news.subscribe();
  subscription.on('gap', () => heard.push('gap'));
  await settled();
  served.network.cut();
  await settled();
  for (let index = 0; index < 1_001; index++) await served.wire.publish(news(), 'x');
  await served.environment.clock.advanceAsync(1_000);

  expect(served.client.status.session).toBe('lost');
  expect(heard).toEqual(['gap']);
  expect(subscription.status.state).toBe('live');
});

it('asks for a topic that was wanted without a connection, even when the queue is full', async () => {
  const { router } = declare();
  const served = await opened(serveClient(router, { maxQueueBytes: 100 }));
  served.network.cut();
  await settled();
  const calls = Array.from({ length: 20 }, (_, index) => safe(served.client.api.echo.mutate(index)));
  const subscription = served.client.api.news.subscribe();
  await served.environment.clock.advanceAsync(1_000);

  expect(served.client.status.session).toBe('resumed');
  expect(subscription.status.state).toBe('live');
  expect((await Promise.all(calls)).some((result) => !result.ok && result.error.code === 'QUEUE_FULL')).toBe(true);
});

it('ends the session when the client is closed', async () => {
  const { state, router } = declare();
  const served = await opened(serveClient(router));
  await served.client.api.count.stream().next();
  await served.client.close();
  await settled();
  expect(served.wire.sessions.count).toBe(0);
  expect(state.left).toBe(true);
});

it('confirms what it received, so that little is kept', async () => {
  const { router } = declare();
  const served = await opened(serveClient(router));
  for (let index = 0; index < 300; index++) await served.client.api.echo.mutate(index);
  const acks = (side: 'left' | 'right') =>
    served.network.pairs[0]?.[side].sent.filter((text) => text.startsWith('[3,'));
  expect(acks('left')).toHaveLength(2);
  expect(acks('right')).toHaveLength(2);
  await served.environment.clock.advanceAsync(1_000);
  expect(acks('left')?.at(-1)).toBe('[3,300]');
});
