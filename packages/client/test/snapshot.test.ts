import { contract } from '@typewire/core';
import { implement, typewire } from '@typewire/server';
import { settled } from '@typewire/testing';
import { beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { opened, type ServedClient, serveClient } from './served-client.ts';

const t = typewire();

/** What the service holds: a sum, and how loading it goes. */
let total = 0;
let loads = 0;
let gate: Promise<void> | null = null;

function createCounter(history: { size: number } | undefined) {
  return t.channel({
    event: z.number(),
    subscribe: () => true,
    snapshot: async () => {
      loads++;
      const state = { total };
      await gate;
      return state;
    },
    ...(history && { history }),
  });
}
const counter = createCounter(undefined);
const kept = createCounter({ size: 10 });
const router = t.router({ counter, kept });
type Served = ServedClient<{ counter: typeof counter; kept: typeof kept }>;

beforeEach(() => {
  total = 0;
  loads = 0;
  gate = null;
});

/** Changes the state, and then tells of it. */
async function add(served: Served, ...amounts: number[]): Promise<void> {
  for (const amount of amounts) {
    total += amount;
    await served.wire.publish(counter(), amount);
    await served.wire.publish(kept(), amount);
  }
  await settled();
}

function follow(served: Served, channel: 'counter' | 'kept' = 'counter') {
  const subscription = served.client.api[channel].subscribe();
  const heard: unknown[] = [];
  subscription.on('event', (event, { offset }) => heard.push(`${event} at ${offset}`));
  subscription.on('gap', (_position, { missed }) => heard.push(`gap of ${missed}`));
  subscription.on('snapshot', (state, { offset }) => heard.push([state.total, offset]));
  return { subscription, heard };
}

/** A gate that the service waits at while it loads. */
function closeGate(): () => void {
  let open = (): void => {};
  gate = new Promise((resolve) => {
    open = resolve;
  });
  return open;
}

it('gives the state, and then every event after it', async () => {
  const served = await opened(serveClient(router));
  await add(served, 5, 6);
  const { heard, subscription } = follow(served);
  await settled();
  await add(served, 7);

  expect(heard).toEqual([[11, 2], '7 at 3']);
  expect(subscription.snapshot).toEqual({ total: 11 });
});

it('loses nothing that is published while the state is loaded', async () => {
  const served = await opened(serveClient(router));
  await add(served, 5);
  const open = closeGate();
  const { heard } = follow(served);
  await settled();
  await add(served, 6, 7);
  expect(heard).toEqual([]);
  open();
  await settled();

  expect(heard).toEqual([[5, 1], '6 at 2', '7 at 3']);
});

it('loads the state again when more is published meanwhile than is held', async () => {
  const served = await opened(serveClient(router, {}, { limits: { maxRecoveredEvents: 2 } }));
  const open = closeGate();
  const { heard } = follow(served);
  await settled();
  await add(served, 1, 2, 3);
  open();
  await settled();
  await add(served, 4);

  expect(heard).toEqual([[6, 3], '4 at 4']);
  expect(loads).toBe(2);
});

it('gives no state to one that has missed nothing', async () => {
  const served = await opened(serveClient(router, {}, { sessions: { resumableMs: 0 } }));
  const { heard } = follow(served, 'kept');
  await settled();
  served.network.cut();
  await settled();
  await add(served, 1);
  await served.environment.clock.advanceAsync(1_000);

  expect(heard).toEqual([[0, 0], '1 at 1']);
});

it('gives the state anew to one that has missed something', async () => {
  const served = await opened(serveClient(router, {}, { sessions: { resumableMs: 0 } }));
  const { heard } = follow(served);
  await settled();
  served.network.cut();
  await settled();
  await add(served, 1, 2);
  await served.environment.clock.advanceAsync(1_000);
  await add(served, 3);

  expect(heard).toEqual([[0, 0], 'gap of 2', [3, 2], '3 at 3']);
});

it('brings a second subscriber to the state and the events since, without asking the server', async () => {
  const served = await opened(serveClient(router));
  await add(served, 5);
  const first = follow(served);
  await settled();
  await add(served, 6, 7);
  const second = follow(served);
  await settled();
  await add(served, 8);

  expect(second.heard).toEqual([[5, 1], '6 at 2', '7 at 3', '8 at 4']);
  expect(first.heard).toEqual(second.heard);
  expect(loads).toBe(1);
});

it('brings one that subscribes between two sessions to the state and the events since, when nothing was missed', async () => {
  const served = await opened(serveClient(router, {}, { sessions: { resumableMs: 0 } }));
  await add(served, 5);
  const first = follow(served, 'kept');
  await settled();
  await add(served, 6);
  served.network.cut();
  await settled();
  const second = follow(served, 'kept');
  await served.environment.clock.advanceAsync(1_000);
  await add(served, 7);

  expect(first.heard).toEqual([[5, 1], '6 at 2', '7 at 3']);
  expect(second.heard).toEqual(first.heard);
  expect(second.subscription.snapshot).toEqual({ total: 5 });
});

it('asks anew for one that subscribes between two sessions after more events than it keeps', async () => {
  const served = await opened(serveClient(router, {}, { sessions: { resumableMs: 0 } }));
  const first = follow(served, 'kept');
  await settled();
  await add(served, ...Array.from({ length: 1_001 }, () => 1));
  served.network.cut();
  await settled();
  const second = follow(served, 'kept');
  await served.environment.clock.advanceAsync(1_000);

  expect(second.heard).toEqual([[1_001, 1_001]]);
  expect(first.heard.at(-1)).toEqual([1_001, 1_001]);
  expect(first.heard).not.toContainEqual(expect.stringContaining('gap'));
});

it('asks the server anew for a second subscriber after more events than it keeps', async () => {
  const served = await opened(serveClient(router));
  const first = follow(served);
  await settled();
  await add(served, ...new Array<number>(1_001).fill(1));
  first.heard.length = 0;
  const second = follow(served);
  await settled();
  await add(served, 1);

  expect(second.heard).toEqual([[1_001, 1_001], '1 at 1002']);
  expect(first.heard).toEqual(second.heard);
});

it('tells of a gap, too, when something is missed while it asks anew', async () => {
  const served = await opened(serveClient(router));
  const first = follow(served);
  await settled();
  await add(served, ...new Array<number>(1_001).fill(1));
  first.heard.length = 0;
  const [pair] = served.network.pairs;
  pair?.hold();
  const second = follow(served);
  await settled();
  await add(served, 1);
  pair?.release();
  await settled();

  expect(first.heard).toEqual(['gap of 1', [1_002, 1_002]]);
  expect(second.heard).toEqual(first.heard);
});

it('fails the subscription with what the handler fails with, and hides what it throws', async () => {
  const failing = t.channel({
    params: z.enum(['declared', 'bug']),
    event: z.string(),
    subscribe: () => true,
    snapshot: ({ params, fail }): string => {
      throw params === 'bug' ? new Error('secret') : fail('NOT_FOUND', 'no such room');
    },
  });
  const served = await opened(serveClient(t.router({ failing })));
  const errors: unknown[] = [];
  for (const params of ['declared', 'bug'] as const) {
    served.client.api.failing.subscribe(params).on('closed', (error) => errors.push([error?.code, error?.message]));
  }
  await settled();

  expect(errors).toEqual([
    ['NOT_FOUND', 'no such room'],
    ['INTERNAL', expect.not.stringContaining('secret')],
  ]);
  expect(served.errors.map(({ path }) => path)).toEqual(['failing']);
});

it('checks the state of a contract, and gives what its schema makes of it', async () => {
  const declared = contract.router({
    counter: contract.channel({ event: z.number(), snapshot: z.object({ total: z.string().transform(Number) }) }),
  });
  const counted = implement(declared, {
    counter: { subscribe: () => true, snapshot: () => ({ total: String(total) }) },
  });
  const served = await opened(serveClient(counted));
  total = 3;
  const good = served.client.api.counter.subscribe();
  await settled();
  good.close();
  await settled();
  total = null as unknown as number;
  const wrong = implement(declared, { counter: { subscribe: () => true, snapshot: () => ({ total }) as never } });
  const other = await opened(serveClient(wrong));
  const bad = other.client.api.counter.subscribe();
  bad.on('closed', () => {});
  await settled();

  expect(good.snapshot).toEqual({ total: 3 });
  expect(bad.error?.code).toBe('INTERNAL');
  expect(String(other.errors[0]?.error)).toContain('the snapshot of counter does not pass its schema');
});

it('does not give the state to a client that lost its right while it was loaded', async () => {
  let isAllowed = true;
  const guarded = t.channel({
    event: z.string(),
    subscribe: () => isAllowed,
    snapshot: async () => {
      await gate;
      return 'secret';
    },
  });
  const served = await opened(serveClient(t.router({ guarded })));
  const open = closeGate();
  const subscription = served.client.api.guarded.subscribe();
  const closed: unknown[] = [];
  subscription.on('closed', (error) => closed.push(error?.code));
  await settled();
  isAllowed = false;
  const [session] = served.wire.callers();
  const asked = served.wire.reauthorize({ session: session?.session ?? '' });
  open();
  await asked;
  await settled();

  expect(closed).toEqual(['FORBIDDEN']);
  expect(subscription.snapshot).toBeUndefined();
});
