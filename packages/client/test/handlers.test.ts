import { contract, isCallError, safe } from '@typewire/core';
import { createWire, typewire } from '@typewire/server';
import { fakeEnvironment, memoryNetwork, settled } from '@typewire/testing';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { createClient, type HandlerOptions, preload } from '../src/index.ts';

beforeAll(preload);

const t = typewire().caller({
  confirm: contract
    .input(z.object({ question: z.string() }))
    .output(z.boolean())
    .query(),
  device: {
    run: contract
      .input(z.string())
      .output(z.string())
      .errors({ BUSY: z.object({ until: z.number() }) })
      .mutation(),
    watch: contract.input(z.number()).output(z.number()).stream(),
  },
});

const router = t.router({
  ask: t.input(z.string()).mutation(async ({ input, caller }) => caller.confirm.query({ question: input })),
  run: t.input(z.string()).mutation(async ({ input, caller }) => {
    const result = await safe(caller.device.run.mutate(input));
    if (result.ok) return result.value;
    return result.error.code === 'BUSY' ? `busy until ${result.error.data.until}` : result.error.code;
  }),
  follow: t.input(z.number()).stream(async function* ({ input, caller }) {
    yield* caller.device.watch.stream(input);
  }),
  who: t.query(({ caller }) => [typeof caller.session, caller.subject, Object.keys(caller)]),
});

type Handlers = NonNullable<HandlerOptions<typeof router>['handlers']>;

/** A client with these handlers, and its server, on one clock. */
async function serve(handlers: Handlers) {
  const environment = fakeEnvironment();
  const errors: unknown[] = [];
  const wire = createWire({ router, environment, onError: ({ error }) => errors.push(error) });
  const network = memoryNetwork((transport) =>
    wire.accept(transport, { url: '/', headers: new Map(), remoteAddress: null }),
  );
  const client = createClient<typeof router>({ url: 'memory:', connect: network.connect, environment, handlers });
  await settled();
  const [caller] = wire.callers();
  if (caller === undefined) throw new Error('nobody is there');
  return { environment, errors, wire, network, client, caller };
}

describe('a server that calls its client', () => {
  it('gets the answer of its handler, inside of a handler of its own', async () => {
    const questions: string[] = [];
    const { client } = await serve({
      confirm: async ({ question }) => {
        questions.push(question);
        return true;
      },
    });
    expect(await client.api.ask.mutate('sure?')).toBe(true);
    expect(questions).toEqual(['sure?']);
  });

  it('reaches it from outside of any call', async () => {
    const { caller } = await serve({ confirm: () => false });
    expect(await caller.confirm.query({ question: 'still there?' })).toBe(false);
  });

  it('reads the items of a stream, and leaves it', async () => {
    const state = { made: 0, left: false };
    const { client, caller } = await serve({
      device: {
        async *watch(from) {
          try {
            for (let at = from; ; at++) {
              state.made++;
              yield at;
            }
          } finally {
            state.left = true;
          }
        },
      },
    });
    const items: number[] = [];
    for await (const item of client.api.follow.stream(7)) if (items.push(item) === 3) break;
    await settled();
    expect(items).toEqual([7, 8, 9]);
    expect(state.left).toBe(true);

    state.left = false;
    for await (const item of caller.device.watch.stream(100)) if (item === 150) break;
    await settled();
    expect(state.left).toBe(true);
    expect(state.made).toBeLessThan(250);
  });

  it('is told what the handler declares to fail with', async () => {
    const { client } = await serve({
      device: {
        run: (_command, { fail }) => {
          throw fail('BUSY', { until: 12 });
        },
      },
    });
    expect(await client.api.run.mutate('reboot')).toBe('busy until 12');
  });

  it('is told NOT_FOUND where there is no handler', async () => {
    const { client } = await serve({});
    expect(await client.api.run.mutate('reboot')).toBe('NOT_FOUND');
  });

  it('learns nothing of an exception but INTERNAL, which is reported where it happened', async () => {
    const reported: unknown[] = [];
    vi.stubGlobal('reportError', (error: unknown) => void reported.push(error));
    const broken = new Error('the secret of the client');
    const { client } = await serve({
      device: {
        run: () => {
          throw broken;
        },
      },
    });
    expect(await client.api.run.mutate('reboot')).toBe('INTERNAL');
    expect(reported).toEqual([broken]);
    vi.unstubAllGlobals();
  });

  it.each([
    ['an answer', { confirm: () => 'yes' as never }, async (caller: Called) => caller.confirm.query({ question: '' })],
    [
      'an item',
      {
        device: {
          watch: async function* () {
            yield 'one' as never;
          },
        },
      },
      async (caller: Called) => caller.device.watch.stream(1).next(),
    ],
    [
      'the data of an error',
      {
        device: {
          run: (_: string, { fail }: { fail: (code: 'BUSY', data: never) => Error }) => {
            throw fail('BUSY', 'later' as never);
          },
        },
      },
      async (caller: Called) => caller.device.run.mutate('reboot'),
    ],
  ])('refuses %s that does not pass the schema', async (_name, handlers, call) => {
    const { caller } = await serve(handlers as Handlers);
    await expect(call(caller)).rejects.toMatchObject({ code: 'INVALID_OUTPUT', delivery: 'answered' });
  });

  it('sends nothing that does not pass the schema of the input', async () => {
    const { caller, network } = await serve({ confirm: () => true });
    const sent = network.pairs[0]?.right.sent.length;
    const call = caller.confirm.query({ question: 7 as never });
    await expect(call).rejects.toMatchObject({ code: 'INVALID_INPUT', delivery: 'not-sent' });
    expect(network.pairs[0]?.right.sent.length).toBe(sent);
  });

  it('waits no longer than it said, and tells the handler', async () => {
    const aborted: unknown[] = [];
    const { caller, environment } = await serve({
      confirm: (_input, { signal }) =>
        new Promise<boolean>((resolve) => {
          signal.addEventListener('abort', () => {
            aborted.push(signal.reason);
            resolve(false);
          });
        }),
    });
    const call = safe(caller.confirm.query({ question: 'well?' }, { timeoutMs: 2_000 }));
    await environment.clock.advanceAsync(3_000);
    expect(await call).toMatchObject({ ok: false, error: { code: 'TIMEOUT' } });
    expect(aborted).toHaveLength(1);
  });

  it('gives up what it called for a call that is given up', async () => {
    let aborted = false;
    const { client } = await serve({
      confirm: (_input, { signal }) =>
        new Promise<boolean>(() => {
          signal.addEventListener('abort', () => {
            aborted = true;
          });
        }),
    });
    const abort = new AbortController();
    const call = safe(client.api.ask.mutate('sure?', { signal: abort.signal }));
    await settled();
    abort.abort();
    await call;
    await settled();
    expect(aborted).toBe(true);
  });

  it('carries the deadline of the call it is made for', async () => {
    const { client, network } = await serve({ confirm: () => true });
    await client.api.ask.mutate('sure?', { timeoutMs: 1_234 });
    const sent = network.pairs[0]?.right.sent.map(String).find((text) => text.includes('confirm'));
    expect(JSON.parse(sent as string)).toEqual([16, 1, 'confirm', 1_234, { question: 'sure?' }]);
  });

  it('goes on over the next connection, and calls while there is none', async () => {
    let answer = (_value: boolean): void => {};
    const { caller, network, environment } = await serve({
      confirm: ({ question }) =>
        question === 'later'
          ? true
          : new Promise<boolean>((resolve) => {
              answer = resolve;
            }),
    });
    const before = caller.confirm.query({ question: 'now' });
    await settled();
    network.cut();
    await settled();
    const meanwhile = caller.confirm.query({ question: 'later' });
    answer(false);
    await environment.clock.advanceAsync(2_000);
    await settled();
    expect(await before).toBe(false);
    expect(await meanwhile).toBe(true);
  });

  it('is told that the session is over, and whether the handler may have run', async () => {
    const { caller, client } = await serve({ confirm: () => new Promise<boolean>(() => {}) });
    const call = safe(caller.confirm.query({ question: 'well?' }));
    await settled();
    await client.close();
    await settled();
    expect(await call).toMatchObject({ ok: false, error: { code: 'DISCONNECTED', delivery: 'unknown' } });
    expect(await safe(caller.confirm.query({ question: 'well?' }))).toMatchObject({
      ok: false,
      error: { code: 'DISCONNECTED', delivery: 'not-sent' },
    });
  });

  it('hears nothing on a new session of a handler whose time was over on the one before', async () => {
    let answer = (_value: boolean): void => {};
    const { caller, client, wire, environment } = await serve({
      confirm: () =>
        new Promise<boolean>((resolve) => {
          answer = resolve;
        }),
    });
    const call = safe(caller.confirm.query({ question: 'well?' }, { timeoutMs: 1_000 }));
    await environment.clock.advanceAsync(1_600);
    expect(await call).toMatchObject({ error: { code: 'TIMEOUT' } });
    wire.disconnect({ session: caller.session }, { code: 4100 });
    await environment.clock.advanceAsync(2_000);
    expect(client.status).toMatchObject({ state: 'open', session: 'new' });

    answer(true);
    await settled();

    expect(client.status.state).toBe('open');
    expect(await client.api.who.query()).toHaveLength(3);
  });

  it('is told LIMIT_EXCEEDED in place of an answer above what it takes, and the connection goes on', async () => {
    const environment = fakeEnvironment();
    const wire = createWire({ router, environment, limits: { maxMessageBytes: 1_000 } });
    const network = memoryNetwork((transport) =>
      wire.accept(transport, { url: '/', headers: new Map(), remoteAddress: null }),
    );
    const long = 'ä'.repeat(600);
    const handlers: Handlers = {
      device: {
        run: (input, { fail }) => {
          if (input === 'fail') throw fail('CONFLICT', long);
          return long;
        },
        async *watch() {
          yield long as unknown as number;
        },
      },
    };
    const client = createClient<typeof router>({ url: 'memory:', connect: network.connect, environment, handlers });
    await settled();
    const [caller] = wire.callers();
    if (caller === undefined) throw new Error('nobody is there');
    const error = { code: 'LIMIT_EXCEEDED', message: expect.stringContaining('limits.maxMessageBytes') };

    for (const input of ['return', 'fail']) {
      expect(await safe(caller.device.run.mutate(input))).toMatchObject({ error });
    }
    await expect(caller.device.watch.stream(1).next()).rejects.toMatchObject(error);

    for (const text of network.pairs[0]?.left.sent ?? []) expect(text.length).toBeLessThan(1_000);
    expect(client.status.state).toBe('open');
  });

  it('closes with 4502 on an answer to a call that it never made', async () => {
    const { client, network } = await serve({});
    network.pairs[0]?.left.send('[17,9,true]');
    await settled();
    expect(client.status).toMatchObject({ state: 'closed', error: { code: 'REFUSED', closeCode: 4502 } });
  });

  it('knows the caller as before', async () => {
    const { client } = await serve({});
    expect(await client.api.who.query()).toEqual(['string', null, ['session', 'subject', 'remoteAddress']]);
  });
});

type Called = Awaited<ReturnType<typeof serve>>['caller'];

describe('a client with as many calls in flight as it may have', () => {
  const release: Array<() => void> = [];
  const busy = t.router({
    ask: t.mutation(async ({ caller }) => caller.confirm.query({ question: 'sure?' })),
    later: t.mutation(async ({ caller }) => {
      await new Promise<void>((resolve) => release.push(resolve));
      return caller.confirm.query({ question: 'sure?' });
    }),
    watch: t.mutation(async ({ caller }) => {
      const items: number[] = [];
      for await (const item of caller.device.watch.stream(1)) if (items.push(item) === 40) break;
      return items.length;
    }),
    wait: t.query(() => new Promise<void>((resolve) => release.push(resolve))),
  });

  async function serveBusy() {
    const environment = fakeEnvironment();
    const wire = createWire({ router: busy, environment, limits: { maxCallsInFlight: 3, maxHeldCalls: 2 } });
    const network = memoryNetwork((transport) =>
      wire.accept(transport, { url: '/', headers: new Map(), remoteAddress: null }),
    );
    const handlers = {
      confirm: async () => true,
      device: {
        async *watch(from: number) {
          for (let at = from; ; at++) yield at;
        },
      },
    };
    const client = createClient<typeof busy>({ url: 'memory:', connect: network.connect, environment, handlers });
    await settled();
    return client;
  }

  it('is heard when their handlers call it, and may make no more meanwhile than are held', async () => {
    const { api } = await serveBusy();
    const calls = await Promise.all([1, 2, 3, 4, 5, 6, 7].map(() => safe(api.ask.mutate())));
    expect(calls.slice(0, 5)).toEqual([1, 2, 3, 4, 5].map(() => ({ ok: true, value: true })));
    for (const call of calls.slice(5)) {
      expect(call).toMatchObject({ error: { code: 'LIMIT_EXCEEDED', delivery: 'answered' } });
      expect(call.ok === false && call.error.message).toContain('limits.maxHeldCalls');
    }
    expect(await api.ask.mutate()).toBe(true);
  });

  it('is heard again when it was not read from before they called it', async () => {
    const { api } = await serveBusy();
    const calls = Promise.all([1, 2, 3].map(() => api.later.mutate()));
    await settled();
    for (const go of release.splice(0)) go();
    expect(await calls).toEqual([true, true, true]);
  });

  it('is heard as long as they read a stream of it', async () => {
    const { api } = await serveBusy();
    expect(await Promise.all([1, 2, 3].map(() => api.watch.mutate()))).toEqual([40, 40, 40]);
  });

  it('is not read from when they wait for something else', async () => {
    const { api } = await serveBusy();
    expect(await api.ask.mutate()).toBe(true);
    const calls = Promise.all([1, 2, 3, 4, 5].map(() => api.wait.query()));
    await settled();
    const asked = api.ask.mutate();
    await settled();
    expect(release.length).toBeGreaterThanOrEqual(3);
    while (release.length > 0) {
      for (const go of release.splice(0)) go();
      await settled();
    }
    await calls;
    expect(await asked).toBe(true);
  });
});

it('lets what a handler calls when its session is lost wait for the next one', async () => {
  let outcome: unknown = null;
  const { caller, client, wire, environment } = await serve({
    confirm: ({ question }, { signal }) => {
      if (question === 'sure?') return true;
      signal.addEventListener('abort', () => {
        outcome = safe(client.api.ask.mutate('sure?'));
      });
      return new Promise<boolean>(() => {});
    },
  });
  caller.confirm.query({ question: 'well?' }).catch(() => {});
  await settled();

  wire.disconnect({ session: caller.session }, { code: 4100 });
  await environment.clock.advanceAsync(2_000);

  expect(await outcome).toEqual({ ok: true, value: true });
});

it('refuses a name that callers have of their own, and what a server cannot call', () => {
  expect(() => typewire().caller({ session: contract.query() })).toThrow(/caller.session is taken/);
  const upload = contract.upload(z.string()).mutation();
  expect(() => typewire().caller({ upload })).toThrow(/upload is a upload|upload is an? upload/);
});

it('refuses handlers that are no functions', () => {
  const handlers = { confirm: 7 } as never;
  expect(() => createClient<typeof router>({ url: 'ws://localhost', handlers })).toThrow(
    /handlers.confirm must be a function/,
  );
  expect(isCallError(null)).toBe(false);
});

describe('a stream of a client whose next item is awaited', () => {
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

  it('is left at once when the server leaves it, and takes no place any more', async () => {
    const { state, source } = stuck();
    const { caller } = await serve({ device: { watch: () => source } });
    for (let round = 1; round <= 130; round++) {
      const items = caller.device.watch.stream(1)[Symbol.asyncIterator]();
      const next = items.next();
      await settled();
      expect(await items.return?.()).toEqual({ value: undefined, done: true });
      expect(await next).toEqual({ value: undefined, done: true });
      await settled();
    }

    expect(state).toEqual({ asked: 130, left: 130 });
  });
});
