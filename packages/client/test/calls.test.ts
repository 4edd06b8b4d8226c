import { typewire } from '@typewire/server';
import { settled } from '@typewire/testing';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { CallError, isCallError, safe, UsageError } from '../src/index.ts';
import { opened, serveClient } from './served-client.ts';

const t = typewire();
const add = t.input(z.object({ a: z.number(), b: z.number() })).query(({ input }) => input.a + input.b);

it('resolves to what the handler returned, revived', async () => {
  const value = { at: new Date(1), tags: new Set(['a']), big: 10n, bytes: new Uint8Array([1, 2]), none: undefined };
  const { client } = serveClient(t.router({ value: t.query(() => value) }));
  expect(await client.api.value.query()).toEqual(value);
});

it('carries undefined, null and falsy values as themselves', async () => {
  const echo = t.input(z.unknown()).mutation(({ input }) => input);
  const { client } = serveClient(t.router({ echo }));
  for (const value of [undefined, null, 0, '', false, Number.NaN])
    expect(await client.api.echo.mutate(value)).toBe(value);
});

it('sends the calls of one tick in one message', async () => {
  const served = await opened(serveClient(t.router({ add })));
  const before = served.network.pairs[0]?.left.sent.length ?? 0;

  const sums = [1, 2, 3].map((a) => served.client.api.add.query({ a, b: 1 }));

  expect(await Promise.all(sums)).toEqual([2, 3, 4]);
  expect(served.network.pairs[0]?.left.sent.slice(before)).toHaveLength(1);
});

it('rejects with the issues of a refused input', async () => {
  const { client } = serveClient(t.router({ add }));
  const error = await client.api.add.query({ a: 'x' as unknown as number, b: 1 }).catch((cause: unknown) => cause);
  expect(error).toBeInstanceOf(CallError);
  expect(error).toMatchObject({ code: 'INVALID_INPUT', delivery: 'answered', data: [{ path: ['a'] }] });
});

it('gives declared errors typed data through safe', async () => {
  const join = t.errors({ ROOM_FULL: z.object({ limit: z.number() }) }).mutation(({ fail }): string => {
    throw fail('ROOM_FULL', { limit: 50 });
  });
  const { client } = serveClient(t.router({ join }));

  const result = await safe(client.api.join.mutate());

  if (result.ok || result.error.code !== 'ROOM_FULL') throw new Error('the call should have failed with ROOM_FULL');
  expect(result.error.data.limit).toBe(50);
});

it('tells call errors from other errors', () => {
  expect(isCallError(new CallError('TIMEOUT', '', { data: undefined, delivery: 'unknown' }))).toBe(true);
  expect(isCallError(new Error('TIMEOUT'))).toBe(false);
  expect(isCallError({ name: 'CallError' })).toBe(false);
});

it('waits for the first connection', async () => {
  const { client, statuses } = serveClient(t.router({ add }));
  expect(client.status.state).toBe('connecting');
  expect(await client.api.add.query({ a: 1, b: 1 })).toBe(2);
  expect(statuses[0]?.state).toBe('open');
});

it('rejects with TIMEOUT after timeoutMs, and the handler is told to stop', async () => {
  const reasons: string[] = [];
  const wait = t.query(
    ({ signal }) =>
      new Promise<never>(() => signal.addEventListener('abort', () => reasons.push(String(signal.reason)))),
  );
  const { client, environment } = await opened(serveClient(t.router({ wait })));
  const outcome = safe(client.api.wait.query(undefined, { timeoutMs: 2_000 }));

  await environment.clock.advanceAsync(2_500);

  expect(await outcome).toMatchObject({ ok: false, error: { code: 'TIMEOUT', delivery: 'unknown' } });
  expect(reasons).toHaveLength(1);
});

it('says not-sent for a call that timed out while waiting for a connection', async () => {
  const served = serveClient(t.router({ add }));
  served.network.reachable = false;
  const outcome = safe(served.client.api.add.query({ a: 1, b: 1 }, { timeoutMs: 2_000 }));
  await served.environment.clock.advanceAsync(2_000);
  expect(await outcome).toMatchObject({
    error: {
      code: 'TIMEOUT',
      delivery: 'not-sent',
      message: 'no connection within the time given: connection refused',
      cause: { name: 'ConnectionError', code: 'LOST' },
    },
  });
});

it('rejects with ABORTED when the signal fires, and the handler is told to stop', async () => {
  let aborted = false;
  const wait = t.query(
    ({ signal }) =>
      new Promise<never>(() =>
        signal.addEventListener('abort', () => {
          aborted = true;
        }),
      ),
  );
  const { client } = await opened(serveClient(t.router({ wait })));
  const controller = new AbortController();
  const outcome = safe(client.api.wait.query(undefined, { signal: controller.signal }));
  await settled();

  controller.abort(new Error('the user left'));
  await settled();

  const result = await outcome;
  expect(result).toMatchObject({ error: { code: 'ABORTED', delivery: 'unknown' } });
  expect(result.ok === false && (result.error.cause as Error).message).toBe('the user left');
  expect(aborted).toBe(true);
});

it('sends nothing for a signal that had fired before', async () => {
  const served = await opened(serveClient(t.router({ add })));
  const before = served.network.pairs[0]?.left.sent.length;
  const outcome = await safe(served.client.api.add.query({ a: 1, b: 1 }, { signal: AbortSignal.abort() }));
  expect(outcome).toMatchObject({ error: { code: 'ABORTED', delivery: 'not-sent' } });
  expect(served.network.pairs[0]?.left.sent.length).toBe(before);
});

it('leaves no listener on a signal that outlives its calls', async () => {
  const { client } = await opened(serveClient(t.router({ add })));
  const { signal, listening } = countedSignal();
  for (let index = 0; index < 3; index++) await client.api.add.query({ a: 1, b: 1 }, { signal });
  expect(listening()).toBe(0);
});

/** A signal that counts who listens to it. */
function countedSignal(): { readonly signal: AbortSignal; listening(): number } {
  let listening = 0;
  const { signal } = new AbortController();
  const [addListener, removeListener] = [signal.addEventListener.bind(signal), signal.removeEventListener.bind(signal)];
  signal.addEventListener = (...args: Parameters<typeof addListener>) => {
    listening++;
    addListener(...args);
  };
  signal.removeEventListener = (...args: Parameters<typeof removeListener>) => {
    listening--;
    removeListener(...args);
  };
  return { signal, listening: () => listening };
}

it('leaves no listener on a signal that outlives its publications', async () => {
  const news = t.channel({ event: z.string(), subscribe: () => true, publish: () => true });
  const { client } = await opened(serveClient(t.router({ news })));
  const { signal, listening } = countedSignal();
  for (let index = 0; index < 3; index++) await client.api.news.publish(undefined, 'x', { signal });
  expect(listening()).toBe(0);
});

it.each([0, -1, Number.NaN])('refuses to publish with timeoutMs %d', async (timeoutMs) => {
  const news = t.channel({ event: z.string(), subscribe: () => true, publish: () => true });
  const { client } = serveClient(t.router({ news }));
  await expect(client.api.news.publish(undefined, 'x', { timeoutMs })).rejects.toThrow(UsageError);
});

it.each([0, -1, Number.NaN])('refuses timeoutMs %d', async (timeoutMs) => {
  const { client } = serveClient(t.router({ add }));
  await expect(client.api.add.query({ a: 1, b: 1 }, { timeoutMs })).rejects.toThrow(UsageError);
});

it('refuses a value that cannot travel before anything is sent', async () => {
  const echo = t.input(z.unknown()).query(({ input }) => input);
  const { client } = serveClient(t.router({ echo }));
  await expect(client.api.echo.query(() => 1)).rejects.toMatchObject({ code: 'UNSERIALIZABLE' });
  await expect(client.api.echo.query(JSON.parse('{"__proto__":1}'))).rejects.toMatchObject({ code: 'UNSERIALIZABLE' });
});

it('fails calls beyond maxQueueBytes while there is no connection', async () => {
  const echo = t.input(z.string()).query(({ input }) => input);
  const served = serveClient(t.router({ echo }), { maxQueueBytes: 1_000 });
  const first = served.client.api.echo.query('x'.repeat(800));
  const second = await safe(served.client.api.echo.query('y'.repeat(800)));
  expect(second).toMatchObject({ error: { code: 'QUEUE_FULL', delivery: 'not-sent' } });
  expect(await first).toHaveLength(800);
});
