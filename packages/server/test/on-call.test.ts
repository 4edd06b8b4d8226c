import { settled } from '@typewire/testing';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type CallEvent, createWire, typewire } from '../src/index.ts';
import { openClient, served } from './raw-client.ts';

const t = typewire();
const router = t.router({
  add: t.input(z.number()).query(({ input }) => input + 1),
  wait: t.mutation(
    ({ signal }) =>
      new Promise<string>((resolve) => {
        signal.addEventListener('abort', () => resolve('stopped'));
      }),
  ),
  later: t.query(async () => 1),
  bad: t.query(() => {
    throw new Error('bug');
  }),
  full: t.errors({ ROOM_FULL: z.object({ limit: z.number() }) }).query(({ fail }) => {
    throw fail('ROOM_FULL', { limit: 1 });
  }),
  ticks: t.stream(async function* () {
    yield 1;
    yield 2;
  }),
  checked: t.output(z.number()).query(() => 'one' as unknown as number),
});

async function watched() {
  const { settings, environment, errors } = served();
  const events: CallEvent[] = [];
  const wire = createWire({ router, ...settings, onCall: (event) => events.push(event) });
  return { client: await openClient(wire), events, environment, errors };
}

describe('the hook for calls', () => {
  it('is told of a call after its answer, with who called what and how it went', async () => {
    const { client, events } = await watched();
    await client.send([16, 1, 'add', 0, 1]);
    expect(client.take()).toEqual([[17, 1, 2]]);
    const [event] = events;
    expect(event).toMatchObject({ path: 'add', kind: 'query', durationMs: 0, code: null });
    expect(event?.caller).toMatchObject({ subject: null, remoteAddress: '127.0.0.1' });
    expect(event?.requestId).toBe(`${event?.caller.session}.1`);
  });

  it.each([
    ['add', 'one', 'INVALID_INPUT'],
    ['bad', undefined, 'INTERNAL'],
    ['full', undefined, 'ROOM_FULL'],
    ['checked', undefined, 'INTERNAL'],
    ['later', undefined, null],
  ])('is told the outcome of %s with %j: %s', async (path, input, code) => {
    const { client, events } = await watched();
    await client.send([16, 1, path, 0, ...(input === undefined ? [] : [input])]);
    expect(events).toMatchObject([{ path, code }]);
  });

  it('is told of a stream once, when it is over', async () => {
    const { client, events, environment } = await watched();
    await client.send([20, 1, 'ticks', 0, 1, null]);
    await environment.clock.advanceAsync(700);
    expect(events).toEqual([]);
    await client.send([23, 1, 8]);
    expect(events).toMatchObject([{ path: 'ticks', kind: 'stream', durationMs: 700, code: null }]);
  });

  it('measures until the handler has stopped, by the clock of the environment', async () => {
    const { client, events, environment } = await watched();
    await client.send([24, 1, 'wait', 0, null]);
    await environment.clock.advanceAsync(1_200);
    await client.send([19, 1]);
    expect(events).toMatchObject([{ path: 'wait', kind: 'mutation', durationMs: 1_200, code: 'ABORTED' }]);
  });

  it('is told of deadlines that passed', async () => {
    const { client, events, environment } = await watched();
    await client.send([24, 1, 'wait', 1_000, null]);
    await environment.clock.advanceAsync(2_000);
    expect(events).toMatchObject([{ code: 'TIMEOUT' }]);
  });

  it('is told of calls whose session ended', async () => {
    const { client, events } = await watched();
    await client.send([24, 1, 'wait', 0, null]);
    await client.send('not json');
    expect(events).toMatchObject([{ code: 'DISCONNECTED' }]);
  });

  it('is told who made a call, though its session has become somebody else meanwhile', async () => {
    const { settings } = served();
    const events: CallEvent[] = [];
    const waiting: Array<() => void> = [];
    const later = t.query(() => new Promise<void>((resolve) => waiting.push(resolve)));
    const authenticate = ({ auth }: { readonly auth: unknown }) =>
      typeof auth === 'string' ? { context: {}, subject: auth } : { context: {} };
    const wire = createWire({
      router: t.router({ later }),
      authenticate,
      ...settings,
      onCall: (event) => events.push(event),
    });
    const client = await openClient(wire);
    await client.send([16, 1, 'later', 0]);
    await client.send([5, 'ann']);
    await client.send([16, 2, 'later', 0]);
    for (const go of waiting) go();
    await settled();
    expect(events.map(({ caller }) => caller.subject)).toEqual([null, 'ann']);
  });

  it('hears nothing of paths that lead nowhere', async () => {
    const { client, events } = await watched();
    await client.send([16, 1, 'nothing', 0]);
    expect(events).toEqual([]);
  });

  it.each<[string, () => unknown]>([
    [
      'throws',
      () => {
        throw new Error('the hook is broken');
      },
    ],
    ['rejects', () => Promise.reject(new Error('the hook is broken'))],
  ])('harms no call when it %s, and onError is told', async (_name, hook) => {
    const { settings, errors } = served();
    const client = await openClient(createWire({ router, ...settings, onCall: hook as () => void }));
    await client.send([16, 1, 'add', 0, 1]);
    await client.send([16, 2, 'add', 0, 2]);
    await settled();
    expect(client.take()).toEqual([
      [17, 1, 2],
      [17, 2, 3],
    ]);
    expect(errors.map(({ error, path }) => [String(error), path])).toEqual([
      ['Error: the hook is broken', 'add'],
      ['Error: the hook is broken', 'add'],
    ]);
  });
});

describe('validate.output', () => {
  const loose = t.router({
    age: t.output(z.number()).query(() => 'old' as unknown as number),
    ages: t.output(z.number()).stream(async function* () {
      yield 'old' as unknown as number;
    }),
    add: t
      .input(z.number())
      .output(z.number())
      .query(({ input }) => input + 1),
  });

  it('when false sends what handlers return as it is, and still checks inputs', async () => {
    const { settings, errors } = served();
    const client = await openClient(createWire({ router: loose, ...settings, validate: { output: false } }));
    await client.send([16, 1, 'age', 0]);
    await client.send([20, 2, 'ages', 0, 8, null]);
    await client.send([16, 3, 'add', 0, 'one']);
    expect(client.take().map((message) => message.slice(0, 3))).toEqual([
      [17, 1, 'old'],
      [21, 2, 'old'],
      [expect.any(Number), 2],
      [18, 3, 'INVALID_INPUT'],
    ]);
    expect(errors).toEqual([]);
  });

  it('is true unless told otherwise', async () => {
    const { settings } = served();
    const client = await openClient(createWire({ router: loose, ...settings, validate: {} }));
    await client.send([16, 1, 'age', 0]);
    expect(client.take()[0]?.[2]).toBe('INTERNAL');
  });
});
