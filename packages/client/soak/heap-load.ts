import { setMaxListeners } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import { createWire, typewire } from '@typewire/server';
import { listen } from '@typewire/server/node';
import { z } from 'zod';
import { type Client, createClient } from '../src/index.ts';

export interface HeapLoad {
  /** Makes so many calls, several at once. Of ten, four succeed and the others fail, each in its own way. */
  calls(count: number): Promise<void>;
  /** Reads so many streams: to their end, to their error, or leaving them. */
  streams(count: number): Promise<void>;
  close(): Promise<void>;
}

const AT_ONCE = 50;

const t = typewire();
const router = t.router({
  add: t.input(z.object({ a: z.number(), b: z.number() })).query(({ input }) => input.a + input.b),
  act: t.input(z.number()).mutation(async ({ input }) => input),
  refuse: t.errors({ REFUSED: z.number() }).mutation(({ fail }) => {
    throw fail('REFUSED', 7);
  }),
  breakDown: t.query(() => {
    throw new Error('a bug');
  }),
  wait: t.mutation(({ signal }) => new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))),
  count: t.input(z.number()).stream(async function* ({ input }) {
    for (let index = 0; index < 10; index++) yield index;
    if (input === 0) throw new Error('a bug');
  }),
});

type Calls = Client<typeof router>['api'];

/** A client and a server in this process, joined by one real connection: whatever either keeps is on this heap. */
export async function startHeapLoad(): Promise<HeapLoad> {
  const server = await listen(createWire({ router, onError: () => {} }), { host: '127.0.0.1', port: 0 });
  const client = createClient<typeof router>({ url: `ws://127.0.0.1:${server.port}` });
  const { api } = client;
  // Outlives all calls: a listener that stays is found on it.
  const { signal } = new AbortController();
  setMaxListeners(0, signal);
  return {
    calls: (count) => inParallel(count, (index) => call(api, index, signal)),
    streams: (count) => inParallel(count, (index) => read(api, index, signal)),
    async close() {
      await client.close();
      await server.close();
    },
  };
}

async function inParallel(count: number, step: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < count) await step(next++);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

async function call(api: Calls, index: number, signal: AbortSignal): Promise<void> {
  switch (index % 10) {
    case 0:
      return fails(api.refuse.mutate(), 'REFUSED');
    case 1:
      return fails(api.breakDown.query(), 'INTERNAL');
    case 2:
      return fails(api.add.query({ a: 'one' as never, b: 2 }), 'INVALID_INPUT');
    case 3:
      return fails(
        aborted((own) => api.wait.mutate(undefined, { signal: own })),
        'ABORTED',
      );
    case 4:
      return fails(api.wait.mutate(undefined, { timeoutMs: 1 }), 'TIMEOUT');
    case 5:
      return fails(api.act.mutate(1, { signal: AbortSignal.abort() }), 'ABORTED');
    case 6:
      return equals(await api.add.query({ a: index, b: 1 }, { signal }), index + 1);
    case 7:
      return equals(await api.act.mutate(index), index);
    default:
      return equals(await api.add.query({ a: index, b: 1 }), index + 1);
  }
}

async function read(api: Calls, index: number, signal: AbortSignal): Promise<void> {
  const leaveAt = index % 4 === 1 ? 5 : Number.POSITIVE_INFINITY;
  const reading = api.count.stream(index % 4, index % 4 === 2 ? { signal } : {});
  let next = 0;
  try {
    for await (const item of reading) {
      equals(item, next++);
      if (next === leaveAt) return;
    }
    equals(next, index % 4 === 0 ? 'an error' : 10);
  } catch (error) {
    equals((error as { code?: string }).code, 'INTERNAL');
  }
}

/** Gives a call up once it is on its way. */
async function aborted(start: (signal: AbortSignal) => Promise<unknown>): Promise<unknown> {
  const abort = new AbortController();
  const call = start(abort.signal);
  void turn().then(() => abort.abort());
  return call;
}

async function fails(call: Promise<unknown>, code: string): Promise<void> {
  const outcome = await call.then(
    () => 'resolved',
    (error: { code: string }) => error.code,
  );
  equals(outcome, code);
}

function equals(actual: unknown, expected: unknown): void {
  if (actual !== expected) throw new Error(`expected ${String(expected)}, got ${String(actual)}`);
}
