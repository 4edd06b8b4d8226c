import type { Schema } from '@typewire/core';
import { settled } from '@typewire/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { createWire, Failure, typewire } from '../src/index.ts';
import { openClient, RawClient, served } from './raw-client.ts';

const t = typewire();
const news = t.channel({ event: z.string(), subscribe: () => true });

const unhandled: unknown[] = [];
const note = (error: unknown): void => void unhandled.push(error);
beforeEach(() => {
  unhandled.length = 0;
  process.on('unhandledRejection', note);
});
afterEach(() => void process.off('unhandledRejection', note));

/** After this, Node has told of every rejection that nobody handled. */
async function quiet(): Promise<void> {
  await settled();
  await new Promise((resolve) => setImmediate(resolve));
  expect(unhandled).toEqual([]);
}

/** A schema whose validation is `run`. */
const schemaOf = (run: (value: unknown) => unknown): Schema => ({
  '~standard': { version: 1, vendor: 'test', validate: run as Schema['~standard']['validate'] },
});

it('survives an error hook that rejects', async () => {
  const { settings } = served();
  const bad = t.query(() => {
    throw new Error('first');
  });
  const onError = (() => Promise.reject(new Error('the hook is broken'))) as () => void;
  const client = await openClient(createWire({ router: t.router({ bad }), ...settings, onError }));

  await client.send([16, 1, 'bad', 0]);

  expect(client.take()[0]?.[2]).toBe('INTERNAL');
  await quiet();
});

it.each([undefined, true, 'ann', { user: 1 }, { context: {}, subject: 7 }])(
  'lets nobody in when authenticate returns %j, and tells the hook what it must return',
  async (returned) => {
    const { settings, errors } = served();
    const authenticate = () => returned as never;
    const wire = createWire({ router: t.router({ one: t.query(() => 1) }), authenticate, ...settings });
    const client = new RawClient(wire);

    await client.send([1, 1, { control: false }]);

    expect(client.closed?.code).toBe(1011);
    expect(String(errors[0]?.error)).toContain('authenticate must return { context } or null');
    expect(wire.connections).toBe(0);
    await quiet();
  },
);

it.each<[string, () => unknown]>([
  [
    'throws',
    () => {
      throw new Error('hunter2');
    },
  ],
  ['rejects', () => Promise.reject(new Error('hunter2'))],
])('answers a failure whose schema %s with INTERNAL', async (_name, run) => {
  const { settings, errors } = served();
  const declared = t.errors({ ROOM_FULL: schemaOf(run) });
  const router = t.router({
    now: declared.query(({ fail }) => {
      throw fail('ROOM_FULL', 1);
    }),
    later: declared.query(async ({ fail }) => {
      throw fail('ROOM_FULL', 1);
    }),
  });
  const client = await openClient(createWire({ router, ...settings }));

  await client.send([16, 1, 'now', 0]);
  await client.send([16, 2, 'later', 0]);

  expect(client.take().map((message) => message.slice(0, 3))).toEqual([
    [18, 1, 'INTERNAL'],
    [18, 2, 'INTERNAL'],
  ]);
  expect(errors).toHaveLength(2);
  await quiet();
});

it('answers a rule that fails with what cannot travel with INTERNAL', async () => {
  const { settings, errors } = served();
  const broken = t.channel({
    event: z.string(),
    subscribe: () => {
      throw new Failure('FORBIDDEN', 'no', () => 1);
    },
  });
  const client = await openClient(createWire({ router: t.router({ broken }), ...settings }));

  await client.send([32, 1, 'broken', null, 0]);

  expect(client.take()[0]?.slice(0, 3)).toEqual([18, 1, 'INTERNAL']);
  expect(errors).toHaveLength(1);
  await quiet();
});

it('keeps of the path of an issue what can travel', async () => {
  const { settings } = served();
  const issues = [{ message: 'bad', path: ['a', { key: 1 }, { key: new WeakMap() }, { key: () => 1 }] }];
  const params = schemaOf(() => ({ issues }));
  const room = t.channel({ params, event: z.string(), subscribe: () => true });
  const client = await openClient(createWire({ router: t.router({ room }), ...settings }));

  await client.send([32, 1, 'room', null, 0, 'x']);

  expect(client.take()[0]?.slice(2)).toEqual([
    'INVALID_INPUT',
    'the parameters are not valid',
    [{ message: 'bad', path: ['a', 1] }],
  ]);
  await quiet();
});

it('says of an input with many long issues at most 32, and 500 characters of each text', async () => {
  const { settings } = served();
  const issues = Array.from({ length: 1_000 }, () => ({ message: 'x'.repeat(9_000), path: ['k'.repeat(9_000)] }));
  const send = t.input(schemaOf(() => ({ issues }))).query(() => 1);
  const client = await openClient(createWire({ router: t.router({ send }), ...settings }));

  await client.send([16, 1, 'send', 0, 'x']);

  const data = client.take()[0]?.[4] as Array<{ message: string; path: string[] }>;
  expect(data).toHaveLength(32);
  expect(data[0]?.message).toHaveLength(500);
  expect(data[0]?.path[0]).toHaveLength(500);
});

it.each(['waits for', 'does not wait for'])(
  'fails a call whose middleware %s the rest, and the rest throws',
  async (how) => {
    const { settings, errors } = served();
    const careless = t.use((async ({ next }: { next: () => Promise<object> }) => {
      if (how === 'waits for') await next().catch(() => {});
      else void next();
      return {};
    }) as never);
    const bad = careless.query(async () => {
      throw new Error('the rest failed');
    });
    const client = await openClient(createWire({ router: t.router({ bad }), ...settings }));

    await client.send([16, 1, 'bad', 0]);

    expect(client.take()[0]?.[2]).toBe('INTERNAL');
    expect(String(errors[0]?.error)).toContain('the rest failed');
    await quiet();
  },
);

it('tells the hook of a handler that returns what fail() made to throw it', async () => {
  const { settings, errors } = served();
  const router = t.router({
    plain: t.query(({ fail }) => fail('FORBIDDEN')),
    checked: t.output(z.any()).query(async ({ fail }) => fail('FORBIDDEN')),
    items: t.stream(async function* ({ fail }) {
      yield fail('FORBIDDEN');
    }),
  });
  const client = await openClient(createWire({ router, ...settings }));

  await client.send([16, 1, 'plain', 0]);
  await client.send([16, 2, 'checked', 0]);
  await client.send([20, 3, 'items', 0, 8, null]);

  expect(client.take().map((message) => message.slice(0, 3))).toEqual([1, 2, 3].map((id) => [18, id, 'INTERNAL']));
  expect(errors.every(({ error }) => String(error).includes('throw it'))).toBe(true);
});

it('tells the hook of a publication that nobody waits for and that fails', async () => {
  const { settings, errors } = served();
  const send = t.mutation(({ publish }) => {
    void publish(news(), 7 as never);
    return 'sent';
  });
  const wire = createWire({ router: t.router({ send, news }), ...settings });
  const client = await openClient(wire);

  await client.send([24, 1, 'send', 0, null]);
  void wire.publish(news(), 8 as never);
  await quiet();

  expect(client.take()).toEqual([[17, 1, 'sent']]);
  expect(errors).toMatchObject([
    { path: 'news', error: { code: 'INVALID_INPUT' } },
    { path: 'news', error: { code: 'INVALID_INPUT' } },
  ]);
});

it('tells the hook once of a publication that a handler waits for', async () => {
  const { settings, errors } = served();
  const send = t.mutation(async ({ publish }) => publish(news(), 7 as never));
  const client = await openClient(createWire({ router: t.router({ send, news }), ...settings }));

  await client.send([24, 1, 'send', 0, null]);
  await quiet();

  expect(errors).toHaveLength(1);
  expect(client.take()[0]?.[4]).toEqual({ id: errors[0]?.id });
});

it('answers a thenable that resolves twice once', async () => {
  const { settings } = served();
  const twice = {
    // biome-ignore lint/suspicious/noThenProperty: the thenable is what the test is about
    then(resolve: (value: number) => void) {
      resolve(1);
      resolve(2);
    },
  };
  const router = t.router({
    plain: t.query(() => twice as never),
    checked: t.output(z.number()).query(() => twice as never),
  });
  const client = await openClient(createWire({ router, ...settings }));

  await client.send([16, 1, 'plain', 0]);
  await client.send([16, 2, 'checked', 0]);

  expect(client.take()).toEqual([
    [17, 1, 1],
    [17, 2, 1],
  ]);
});
