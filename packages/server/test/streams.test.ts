import { settled } from '@typewire/testing';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { createWire, typewire } from '../src/index.ts';
import { openClient, served } from './raw-client.ts';

const t = typewire();

/** Counts up; notes what was produced and that it was left. */
function counting(until: number) {
  const state = { produced: 0, left: false };
  const count = t.stream(async function* () {
    try {
      while (state.produced < until) yield state.produced++;
    } finally {
      state.left = true;
    }
  });
  return { state, router: t.router({ count }) };
}

it('sends the items of a stream and then its end', async () => {
  const { settings } = served();
  const { router } = counting(2);
  const client = await openClient(createWire({ router, ...settings }));

  await client.send([20, 1, 'count', 0, 8, null]);

  expect(client.take()).toEqual([
    [21, 1, 0],
    [21, 1, 1],
    [22, 1],
  ]);
});

it('asks the producer for no more items than there is credit', async () => {
  const { settings } = served();
  const { state, router } = counting(100);
  const client = await openClient(createWire({ router, ...settings }));

  await client.send([20, 1, 'count', 0, 3, null]);
  expect(state.produced).toBe(3);
  await client.send([23, 1, 2]);

  expect(state.produced).toBe(5);
  expect(client.take()).toHaveLength(5);
});

it.each([
  ['waits for credit', 3],
  ['is busy', 1_000_000],
])('leaves a stream that is cancelled while it %s', async (_name, credit) => {
  const { settings, errors } = served();
  const { state, router } = counting(Number.POSITIVE_INFINITY);
  const client = await openClient(createWire({ router, ...settings }));

  await client.send([20, 1, 'count', 0, credit, null]);
  await client.send([19, 1]);

  expect(state.left).toBe(true);
  expect(client.take().some((message) => message[0] === 22 || message[0] === 18)).toBe(false);
  expect(errors).toEqual([]);
});

it('leaves the streams of a session that is lost', async () => {
  const { settings, environment } = served();
  const { state, router } = counting(10);
  const client = await openClient(createWire({ router, ...settings }));

  await client.send([20, 1, 'count', 0, 3, null]);
  client.pair.cut();
  await settled();
  expect(state.left).toBe(false);
  await environment.clock.advanceAsync(121_000);

  expect(state.left).toBe(true);
});

it('ends a stream whose producer throws with an error behind the items', async () => {
  const { settings, errors } = served();
  const broken = t.stream(async function* () {
    yield 1;
    throw new Error('hunter2');
  });
  const client = await openClient(createWire({ router: t.router({ broken }), ...settings }));

  await client.send([20, 1, 'broken', 0, 8, null]);

  expect(client.take().map((message) => message.slice(0, 3))).toEqual([
    [21, 1, 1],
    [18, 1, 'INTERNAL'],
  ]);
  expect(errors).toHaveLength(1);
});

it('checks each item against the output schema', async () => {
  const { settings } = served();
  const dates = t.output(z.number()).stream(async function* () {
    yield 1;
    yield 'two' as unknown as number;
  });
  const client = await openClient(createWire({ router: t.router({ dates }), ...settings }));

  await client.send([20, 1, 'dates', 0, 8, null]);

  expect(client.take().map((message) => message[2])).toEqual([1, 'INTERNAL']);
});

it('answers a handler that returned no iterable with INTERNAL', async () => {
  const { settings } = served();
  const none = t.stream((() => 7) as never);
  const client = await openClient(createWire({ router: t.router({ none }), ...settings }));
  await client.send([20, 1, 'none', 0, 8, null]);
  expect(client.take()[0]?.[2]).toBe('INTERNAL');
});

it('lets others have their turn while a stream has all the credit it wants', async () => {
  const { settings, environment } = served();
  const turns: Array<() => void> = [];
  const { state, router } = counting(Number.POSITIVE_INFINITY);
  const defer = (callback: () => void): void => void turns.push(callback);
  const wire = createWire({ router, ...settings, environment: { ...environment, defer } });
  const client = await openClient(wire);

  await client.send([20, 1, 'count', 0, Number.MAX_SAFE_INTEGER, null]);
  for (let round = 0; round < 20; round++) await settled();
  expect(state.produced).toBe(64);
  for (const turn of turns.splice(0)) turn();
  for (let round = 0; round < 20; round++) await settled();

  expect(state.produced).toBe(128);
});

it('waits while the connection has enough to carry, and goes on when it has drained', async () => {
  const { settings, environment } = served();
  const state = { produced: 0, left: false };
  const blobs = t.stream(async function* () {
    try {
      for (;;) {
        state.produced++;
        yield 'x'.repeat(10_000);
      }
    } finally {
      state.left = true;
    }
  });
  const wire = createWire({ router: t.router({ blobs }), ...settings, limits: { maxStreamBufferBytes: 30_000 } });
  const client = await openClient(wire);
  const { right } = client.pair;
  client.pair.left.pause?.();

  await client.send([20, 1, 'blobs', 0, 1_000, null]);
  await environment.clock.advanceAsync(10_000);
  expect(state.produced).toBeLessThan(7);
  expect(right.bufferedBytes).toBeGreaterThan(30_000);
  const before = state.produced;
  client.pair.left.resume?.();
  await environment.clock.advanceAsync(200);
  expect(state.produced).toBeGreaterThan(before + 3);
  client.pair.left.pause?.();
  await environment.clock.advanceAsync(200);
  await client.send([19, 1]);

  expect(state.left).toBe(true);
});

it('goes on as soon as the connection has drained, or there is another one', async () => {
  const { settings, environment } = served();
  let produced = 0;
  const blobs = t.stream(async function* () {
    for (;;) {
      produced++;
      yield 'x'.repeat(10_000);
    }
  });
  const wire = createWire({ router: t.router({ blobs }), ...settings, limits: { maxStreamBufferBytes: 30_000 } });
  const client = await openClient(wire);
  client.pair.left.pause?.();
  await client.send([20, 1, 'blobs', 0, 10, null]);
  const before = produced;
  expect(before).toBeLessThan(7);
  client.pair.left.resume?.();
  for (let turn = 0; turn < 10; turn++) await settled();

  expect(produced).toBe(10);
  expect(environment.clock.now()).toBe(1_000);
});

it('produces nothing for a client without a connection', async () => {
  const { settings } = served();
  const { state, router } = counting(Number.POSITIVE_INFINITY);
  const wire = createWire({ router, ...settings });
  const client = await openClient(wire);

  await client.send([20, 1, 'count', 0, 1_000_000, null]);
  client.pair.cut();
  await settled();
  const { produced } = state;
  await settled();

  expect(state.produced).toBe(produced);
  expect(wire.sessions.detachedCount).toBe(1);
});

it('fires a signal that is first read while the stream waits for credit, and the stream still ends', async () => {
  const { settings } = served();
  const told: string[] = [];
  let read = (): void => {};
  let left = false;
  const late = t.stream((args) =>
    (async function* () {
      read = () => args.signal.addEventListener('abort', () => told.push(String(args.signal.reason)));
      try {
        for (;;) yield 1;
      } finally {
        left = true;
      }
    })(),
  );
  const client = await openClient(createWire({ router: t.router({ late }), ...settings }));

  await client.send([20, 1, 'late', 0, 1, null]);
  read();
  await client.send([23, 1, 1]);
  await client.send([19, 1]);

  expect(told).toHaveLength(1);
  expect(left).toBe(true);
});

/** A source whose next item never comes. */
function stuck() {
  const state = { asked: 0, left: 0 };
  const source: AsyncIterable<number> = {
    [Symbol.asyncIterator]: () => ({
      next: () => {
        state.asked++;
        return new Promise(() => {});
      },
      return: () => {
        state.left++;
        return Promise.resolve({ value: undefined, done: true as const });
      },
    }),
  };
  return { state, source };
}

it('leaves a source at once when the stream is cancelled while its next item is awaited, and frees its place', async () => {
  const { settings, errors } = served();
  const { state, source } = stuck();
  const ended: string[] = [];
  const router = t.router({ wait: t.stream(() => source) });
  const wire = createWire({
    router,
    ...settings,
    limits: { maxStreams: 1 },
    onCall: ({ code }) => ended.push(String(code)),
  });
  const client = await openClient(wire);

  for (let id = 1; id <= 5; id++) {
    await client.send([20, id, 'wait', 0, 8, null]);
    await client.send([19, id]);
  }

  expect(state).toEqual({ asked: 5, left: 5 });
  expect(ended).toEqual(Array(5).fill('ABORTED'));
  expect(client.take()).toEqual([]);
  expect(errors).toEqual([]);
});

it('leaves a source at the deadline of the stream while its next item is awaited, and says that it is over', async () => {
  const { settings, environment } = served();
  const { state, source } = stuck();
  const client = await openClient(createWire({ router: t.router({ wait: t.stream(() => source) }), ...settings }));

  await client.send([20, 1, 'wait', 1_000, 8, null]);
  await environment.clock.advanceAsync(2_000);

  expect(state.left).toBe(1);
  expect(client.take().map((message) => message.slice(0, 3))).toEqual([[18, 1, 'TIMEOUT']]);
});

it('lets a generator that was left stop, and counts it no longer than 10 s when it does not', async () => {
  const { settings, environment } = served();
  let go = (): void => {};
  const log: string[] = [];
  const slow = t.stream(async function* () {
    try {
      await new Promise<void>((resolve) => {
        go = resolve;
      });
      yield 1;
    } finally {
      log.push('left');
    }
  });
  const wire = createWire({ router: t.router({ slow }), ...settings, limits: { maxStreams: 1 } });
  const client = await openClient(wire);
  const open = async (id: number): Promise<unknown> => {
    await client.send([20, id, 'slow', 0, 8, null]);
    return client.take()[0]?.[2];
  };

  await open(1);
  await client.send([19, 1]);
  expect(await open(2)).toBe('LIMIT_EXCEEDED');
  go();
  await settled();
  expect(log).toEqual(['left']);
  expect(await open(3)).toBeUndefined();

  await client.send([19, 3]);
  await environment.clock.advanceAsync(9_000);
  expect(await open(4)).toBe('LIMIT_EXCEEDED');
  await environment.clock.advanceAsync(1_000);
  expect(await open(5)).toBeUndefined();
  expect(log).toEqual(['left']);
});

it('leaves a generator that cancels its own stream while it runs', async () => {
  const { settings } = served();
  const log: string[] = [];
  let cancel = (): void => {};
  const own = t.stream(function* () {
    try {
      yield 1;
      cancel();
      yield 2;
    } finally {
      log.push('left');
    }
  } as never);
  const wire = createWire({ router: t.router({ own }), ...settings });
  const client = await openClient(wire);
  cancel = () => wire.disconnect({ session: [...wire.callers()][0]?.session ?? '' });

  await client.send([20, 1, 'own', 0, 8, null]);

  expect(log).toEqual(['left']);
});
