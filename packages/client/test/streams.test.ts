import { typewire } from '@typewire/server';
import { settled } from '@typewire/testing';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { opened, serveClient } from './served-client.ts';

const t = typewire();

function counting() {
  const state = { produced: 0, left: false };
  const count = t.input(z.number()).stream(async function* ({ input }) {
    try {
      while (state.produced < input) yield state.produced++;
    } finally {
      state.left = true;
    }
  });
  return { state, router: t.router({ count }) };
}

it('reads every item in order, far beyond the window', async () => {
  const { router } = counting();
  const { client } = serveClient(router);
  const items: number[] = [];
  for await (const item of client.api.count.stream(1_000)) items.push(item);
  expect(items).toEqual(Array.from({ length: 1_000 }, (_, index) => index));
});

it('produces no more than the window ahead of a slow reader', async () => {
  const { state, router } = counting();
  const { client } = await opened(serveClient(router, { streamWindow: 8 }));
  const stream = client.api.count.stream(1_000);
  await stream.next();
  await settled();
  expect(state.produced).toBe(8);
  for (let index = 0; index < 10; index++) await stream.next();
  await settled();
  expect(state.produced).toBeLessThanOrEqual(11 + 8);
});

it('cancels on the server when the reader leaves the loop', async () => {
  const { state, router } = counting();
  const { client } = await opened(serveClient(router));
  for await (const item of client.api.count.stream(Number.MAX_SAFE_INTEGER)) if (item === 3) break;
  await settled();
  expect(state.left).toBe(true);
});

it('starts nothing until it is read', async () => {
  const { state, router } = counting();
  const served = await opened(serveClient(router));
  const stream = served.client.api.count.stream(10);
  await settled();
  await stream.return?.();
  await settled();
  expect(state.produced).toBe(0);
});

it('throws what the producer failed with behind the items', async () => {
  const broken = t.errors({ NO_MORE: z.object({ left: z.number() }) }).stream(async function* ({ fail }) {
    yield 1;
    throw fail('NO_MORE', { left: 0 });
  });
  const { client } = serveClient(t.router({ broken }));
  const stream = client.api.broken.stream();
  expect(await stream.next()).toEqual({ value: 1, done: false });
  await expect(stream.next()).rejects.toMatchObject({ code: 'NO_MORE', data: { left: 0 } });
  expect(await stream.next()).toEqual({ value: undefined, done: true });
});

it('is at its end after a start that failed', async () => {
  const echo = t.input(z.unknown()).stream(async function* ({ input }) {
    yield input;
  });
  const { client } = serveClient(t.router({ echo }));
  const stream = client.api.echo.stream(() => 1);
  await expect(stream.next()).rejects.toMatchObject({ code: 'UNSERIALIZABLE' });
  expect(await stream.next()).toEqual({ value: undefined, done: true });
});

it('throws DISCONNECTED when the session is lost', async () => {
  const { router } = counting();
  const served = await opened(serveClient(router, { streamWindow: 2 }));
  const stream = served.client.api.count.stream(100);
  await stream.next();
  await settled();
  served.restart();
  await served.environment.clock.advanceAsync(1_000);
  // What had arrived is still read first.
  expect(await stream.next()).toMatchObject({ value: 1 });
  expect(await stream.next()).toMatchObject({ value: 2 });
  await expect(stream.next()).rejects.toMatchObject({ code: 'DISCONNECTED', delivery: 'unknown' });
});

it('is aborted by its signal', async () => {
  const { state, router } = counting();
  const served = await opened(serveClient(router, { streamWindow: 1 }));
  const controller = new AbortController();
  const stream = served.client.api.count.stream(100, { signal: controller.signal });
  await stream.next();
  await settled();
  controller.abort();
  await settled();
  expect(state.left).toBe(true);
  await stream.next();
  await expect(stream.next()).rejects.toMatchObject({ code: 'ABORTED' });
});
