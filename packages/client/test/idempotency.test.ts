import { typewire } from '@typewire/server';
import { settled } from '@typewire/testing';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { type ClientOptions, safe } from '../src/index.ts';
import { opened, type ServedClient, serveClient } from './served-client.ts';

const t = typewire();

/** A shop that keeps no sessions: whoever loses the connection before the answer does not know what became of it. */
function shop(options: Partial<ClientOptions> = {}) {
  const state = { orders: [] as number[], taken: (): void => {}, finish: (_value: string): void => {} };
  const router = t.router({
    order: t.input(z.number()).mutation(({ input }) => {
      state.orders.push(input);
      state.taken();
      return state.orders.length;
    }),
    slow: t.mutation(() => {
      state.orders.push(0);
      return new Promise<string>((resolve) => {
        state.finish = resolve;
      });
    }),
    refuse: t.errors({ SOLD_OUT: z.object({ left: z.number() }) }).mutation(({ fail }) => {
      state.orders.push(-1);
      state.taken();
      throw fail('SOLD_OUT', { left: 0 });
    }),
  });
  const served = serveClient(router, { retryDelayMs: () => 100, ...options }, { sessions: { resumableMs: 0 } });
  /** The network is cut when an order has been taken, before its answer leaves. */
  const cutOnce = (): void => {
    state.taken = () => {
      state.taken = () => {};
      served.network.cut();
    };
  };
  return { served, state, cutOnce };
}

/** Keys of the mutations the client has sent, over all connections. */
function keysSent(served: ServedClient<unknown>): unknown[] {
  const texts = served.network.pairs.flatMap((pair) => pair.left.sent.map((message) => JSON.parse(String(message))));
  const messages = texts.flatMap((parsed) => (Array.isArray(parsed[0]) ? parsed : [parsed]));
  return messages.filter(([type]) => type === 24).map((fields) => fields[4]);
}

it('repeats a mutation with a key on a new session, and gets the result of the one time it ran', async () => {
  const { served, state, cutOnce } = shop();
  await opened(served);
  cutOnce();
  const call = served.client.api.order.mutate(7, { idempotencyKey: true });
  await served.environment.clock.advanceAsync(200);

  expect(await call).toBe(1);
  expect(state.orders).toEqual([7]);
  expect(served.client.status.session).toBe('new');
  const [first, second] = keysSent(served);
  expect(first).toMatch(/./);
  expect(second).toBe(first);
});

it('repeats a mutation whose handler still runs, and waits for that', async () => {
  const { served, state } = shop();
  await opened(served);
  const call = served.client.api.slow.mutate(undefined, { idempotencyKey: true });
  await settled();
  served.network.cut();
  await served.environment.clock.advanceAsync(200);
  expect(served.client.status.state).toBe('open');
  state.finish('done');

  expect(await call).toBe('done');
  expect(state.orders).toEqual([0]);
});

it('gets the declared failure of the one time it ran', async () => {
  const { served, state, cutOnce } = shop();
  await opened(served);
  cutOnce();
  const call = safe(served.client.api.refuse.mutate(undefined, { idempotencyKey: true }));
  await served.environment.clock.advanceAsync(200);

  expect(await call).toMatchObject({ ok: false, error: { code: 'SOLD_OUT', data: { left: 0 }, delivery: 'answered' } });
  expect(state.orders).toEqual([-1]);
});

it('does not repeat a mutation without a key', async () => {
  const { served, state, cutOnce } = shop();
  await opened(served);
  cutOnce();
  const call = safe(served.client.api.order.mutate(7));
  await served.environment.clock.advanceAsync(200);

  expect(await call).toMatchObject({ ok: false, error: { code: 'DISCONNECTED', delivery: 'unknown' } });
  expect(state.orders).toEqual([7]);
});

it('runs again on a server that has restarted, as its memory is gone', async () => {
  const { served, state } = shop();
  await opened(served);
  state.taken = () => {
    state.taken = () => {};
    served.restart();
  };
  const call = served.client.api.order.mutate(7, { idempotencyKey: true });
  await served.environment.clock.advanceAsync(200);

  expect(await call).toBe(2);
  expect(state.orders).toEqual([7, 7]);
});

it('makes a key for each call, and uses one of the program as often as it is given', async () => {
  const { served, state } = shop();
  await opened(served);
  const { order } = served.client.api;
  await Promise.all([order.mutate(1, { idempotencyKey: true }), order.mutate(1, { idempotencyKey: true })]);
  const own = [await order.mutate(2, { idempotencyKey: 'mine' }), await order.mutate(2, { idempotencyKey: 'mine' })];
  const other = await safe(order.mutate(3, { idempotencyKey: 'mine' }));

  expect(own).toEqual([3, 3]);
  expect(other).toMatchObject({ ok: false, error: { code: 'CONFLICT', delivery: 'answered' } });
  expect(state.orders).toEqual([1, 1, 2]);
  expect(new Set(keysSent(served)).size).toBe(3);
});

it('has its own keys: another client with the same one runs its own call', async () => {
  const { served, state } = shop();
  await opened(served);
  const other = shop();
  await opened(other.served);
  await served.client.api.order.mutate(1, { idempotencyKey: 'mine' });
  await other.served.client.api.order.mutate(1, { idempotencyKey: 'mine' });

  expect(state.orders).toEqual([1]);
  expect(other.state.orders).toEqual([1]);
});

it('says that it may have run when its time passes before the repeat is answered', async () => {
  const { served, cutOnce } = shop({ retryDelayMs: () => 10_000 });
  await opened(served);
  cutOnce();
  const call = safe(served.client.api.order.mutate(7, { idempotencyKey: true, timeoutMs: 1_000 }));
  await served.environment.clock.advanceAsync(1_100);

  expect(await call).toMatchObject({ ok: false, error: { code: 'TIMEOUT', delivery: 'unknown' } });
});

it('says that it may have run when it is given up, or the client closed, before the repeat leaves', async () => {
  const { served, cutOnce } = shop({ retryDelayMs: () => 10_000 });
  await opened(served);
  cutOnce();
  const giveUp = new AbortController();
  const first = safe(served.client.api.order.mutate(7, { idempotencyKey: true, signal: giveUp.signal }));
  const second = safe(served.client.api.order.mutate(8, { idempotencyKey: true }));
  await settled();
  giveUp.abort();
  await served.client.close();

  expect(await first).toMatchObject({ ok: false, error: { code: 'ABORTED', delivery: 'unknown' } });
  expect(await second).toMatchObject({ ok: false, error: { code: 'DISCONNECTED', delivery: 'unknown' } });
});

it.each(['', 'k'.repeat(256), false, 7])('refuses the key %j before anything is sent', async (idempotencyKey) => {
  const { served, state } = shop();
  await opened(served);
  const call = served.client.api.order.mutate(7, { idempotencyKey: idempotencyKey as never });

  await expect(call).rejects.toMatchObject({ name: 'UsageError', code: 'BAD_OPTION' });
  expect(state.orders).toEqual([]);
});
