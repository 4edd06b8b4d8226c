import { createWire, typewire } from '@typewire/server';
import { listen } from '@typewire/server/node';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { startFaultyProxy } from '../soak/faulty-proxy.ts';
import { createClient, safe } from '../src/index.ts';

const t = typewire();

/** What the server did, to be held against what the client was told. */
function declare() {
  const runs = new Map<number, number>();
  const events = t.channel({ event: z.number(), subscribe: () => true, history: { size: 10_000 } });
  const run = t.input(z.number()).mutation(async ({ input, publish }) => {
    runs.set(input, (runs.get(input) ?? 0) + 1);
    await publish(events(), input);
    return input * 2;
  });
  const count = t.input(z.number()).stream(async function* ({ input }) {
    for (let index = 0; index < input; index++) yield index;
  });
  return { runs, events, router: t.router({ events, run, count }) };
}

it.each([1, 2, 3])(
  'loses, repeats and reorders nothing over a network that keeps breaking (seed %d)',
  async (seed) => {
    const { runs, router } = declare();
    const wire = createWire({ router });
    const server = await listen(wire, { host: '127.0.0.1', port: 0 });
    const proxy = await startFaultyProxy(server.port, {
      seed,
      meanBytes: 3_000,
      faults: ['cut', 'reset', 'swallow', 'half', 'half-close'],
    });
    const client = createClient<typeof router>({ url: `ws://127.0.0.1:${proxy.port}`, retryDelayMs: () => 1 });
    const outcomes = new Set<string>();
    client.on('status', ({ session }) => session !== null && outcomes.add(session));
    const heard: number[] = [];
    const subscription = client.api.events.subscribe();
    subscription.on('event', (event) => heard.push(event));
    let gaps = 0;
    subscription.on('gap', () => gaps++);
    await new Promise<void>((resolve) => subscription.on('status', ({ state }) => state === 'live' && resolve()));

    const stream = (async () => {
      const items: number[] = [];
      for await (const item of client.api.count.stream(2_000)) items.push(item);
      return items;
    })();
    const answered = new Map<number, number>();
    for (let round = 0; round < 60; round++) {
      const ids = Array.from({ length: 10 }, (_, index) => round * 10 + index);
      await Promise.all(ids.map(async (id) => answered.set(id, await client.api.run.mutate(id))));
    }
    proxy.heal();
    const items = await stream;
    const last = await safe(client.api.run.mutate(9_999));

    expect(last).toMatchObject({ ok: true });
    expect([...proxy.struck.values()].reduce((sum, faults) => sum + faults, 0)).toBeGreaterThan(5);
    expect([...outcomes]).toEqual(['new', 'resumed']);
    expect([...answered]).toEqual([...answered.keys()].map((id) => [id, id * 2]));
    expect(answered.size).toBe(600);
    expect([...runs.values()].every((count) => count === 1)).toBe(true);
    expect(items).toEqual(Array.from({ length: 2_000 }, (_, index) => index));
    expect(heard).toHaveLength(601);
    expect(new Set(heard).size).toBe(601);
    expect([...runs.keys()]).toEqual(heard);
    expect(gaps).toBe(0);

    await client.close();
    await proxy.close();
    await server.close();
  },
  60_000,
);

it.each([4, 5])(
  'runs each mutation with a key once, also when no session survives and every answer may be lost (seed %d)',
  async (seed) => {
    const { runs, router } = declare();
    const wire = createWire({ router, sessions: { resumableMs: 0 } });
    const server = await listen(wire, { host: '127.0.0.1', port: 0 });
    const proxy = await startFaultyProxy(server.port, {
      seed,
      meanBytes: 3_000,
      faults: ['cut', 'reset', 'swallow', 'half', 'half-close'],
    });
    const client = createClient<typeof router>({ url: `ws://127.0.0.1:${proxy.port}`, retryDelayMs: () => 1 });
    const outcomes = new Set<string>();
    client.on('status', ({ session }) => session !== null && outcomes.add(session));

    const answered = new Map<number, number>();
    for (let round = 0; round < 60; round++) {
      const ids = Array.from({ length: 10 }, (_, index) => round * 10 + index);
      await Promise.all(
        ids.map(async (id) => answered.set(id, await client.api.run.mutate(id, { idempotencyKey: true }))),
      );
    }

    expect([...proxy.struck.values()].reduce((sum, faults) => sum + faults, 0)).toBeGreaterThan(5);
    expect([...outcomes]).toEqual(['new']);
    expect([...answered]).toEqual([...answered.keys()].map((id) => [id, id * 2]));
    expect(answered.size).toBe(600);
    expect([...runs.values()].every((count) => count === 1)).toBe(true);
    expect(runs.size).toBe(600);

    await client.close();
    await proxy.close();
    await server.close();
  },
  60_000,
);
