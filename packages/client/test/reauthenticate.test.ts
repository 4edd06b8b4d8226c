import { type Authentication, createWire, typewire } from '@typewire/server';
import { listen } from '@typewire/server/node';
import { fakeEnvironment, memoryNetwork, settled } from '@typewire/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type ClientOptions, type ConnectionStatus, createClient, preload, safe } from '../src/index.ts';

beforeAll(preload);

interface Context {
  readonly user: string;
}
const t = typewire<Context>();

function declare() {
  const state = { finish: (): void => {}, mayFollow: true };
  const news = t.channel({ event: z.string(), subscribe: () => state.mayFollow });
  const router = t.router({
    news,
    who: t.query(({ ctx, caller }) => `${ctx.user} ${caller.subject}`),
    slow: t.mutation(async ({ ctx }) => {
      await new Promise<void>((resolve) => {
        state.finish = resolve;
      });
      return ctx.user;
    }),
    count: t.stream(async function* () {
      for (let count = 0; ; count++) yield count;
    }),
  });
  return { state, news, router };
}
type Api = ReturnType<typeof declare>['router'];

/** A client whose tokens are `user.number`, good for a minute, and a server that takes them as long as it should. */
async function serve(options: Partial<ClientOptions> = {}) {
  const environment = fakeEnvironment();
  const { state, news, router } = declare();
  const server = {
    user: 'ann' as string | null,
    tokens: 0,
    shown: [] as unknown[],
    check: (user: string): Authentication<Context> | null | Promise<Authentication<Context> | null> => ({
      context: { user },
      ...(user === 'visitor' ? {} : { subject: user }),
      expiresAt: environment.wallNow() + 60_000,
    }),
  };
  const wire = createWire({
    router,
    environment,
    onError: () => {},
    authenticate: ({ auth }) => {
      server.shown.push(auth);
      return server.check(String(auth).split('.')[0] as string);
    },
  });
  const network = memoryNetwork((transport) =>
    wire.accept(transport, { url: '/', headers: new Map(), remoteAddress: null }),
  );
  const client = createClient<Api>({
    url: 'memory:',
    connect: network.connect,
    environment,
    auth: () => `${server.user}.${++server.tokens}`,
    ...options,
  });
  const statuses: ConnectionStatus[] = [];
  client.on('status', (status) => statuses.push(status));
  await settled();
  const states = (): string[] => statuses.map((status) => status.state);
  return {
    environment,
    state,
    news,
    server,
    wire,
    network,
    client,
    statuses,
    states,
    advance: environment.clock.advanceAsync,
  };
}

describe('an authentication that ends', () => {
  it('is renewed for hours without anything being dropped or told', async () => {
    const { client, state, news, wire, server, advance, states, network } = await serve();
    const call = client.api.slow.mutate(undefined, { timeoutMs: Number.POSITIVE_INFINITY });
    const stream = client.api.count.stream();
    await stream.next();
    const heard: string[] = [];
    const subscription = client.api.news.subscribe();
    subscription.on('event', (event) => heard.push(event));
    await settled();

    for (let round = 0; round < 12; round++) {
      await advance(600_000);
      await wire.publish(news(), `round ${round}`);
    }
    await settled();
    state.finish();

    expect(await call).toBe('ann');
    expect((await stream.next()).value).toBe(1);
    expect(heard).toHaveLength(12);
    expect(subscription.status.state).toBe('live');
    expect(server.shown.length).toBeGreaterThan(100);
    expect(new Set(server.shown).size).toBe(server.shown.length);
    expect(new Set(states())).toEqual(new Set(['open']));
    expect(network.pairs).toHaveLength(1);
  });

  it('is renewed with the same value where auth is none', async () => {
    const { server, advance, client } = await serve({ auth: 'ann.fixed' });
    await advance(300_000);
    expect(server.shown.length).toBeGreaterThan(4);
    expect(new Set(server.shown)).toEqual(new Set(['ann.fixed']));
    expect(client.status.state).toBe('open');
  });

  it('outlasts an auth that fails for a while, and one that hangs', async () => {
    let failing: 'throws' | 'hangs' | null = null;
    let asked = 0;
    const { advance, client, states, network } = await serve({
      auth: () => {
        asked++;
        if (failing === 'throws') throw new Error('the token endpoint is away');
        return failing === 'hangs' ? new Promise(() => {}) : 'ann.new';
      },
    });
    for (const how of ['throws', 'hangs'] as const) {
      failing = how;
      const before = asked;
      await advance(55_000);
      expect(asked - before).toBeGreaterThan(1);
      expect(asked - before).toBeLessThan(30);
      failing = null;
      await advance(60_000);
    }
    expect(new Set(states())).toEqual(new Set(['open']));
    expect(client.status.error).toBeNull();
    expect(network.pairs).toHaveLength(1);
  });

  it('outlasts a server that cannot check for a while', async () => {
    const { advance, server, states, network } = await serve();
    const { check } = server;
    server.check = () => Promise.reject(new Error('the database is away'));
    await advance(50_000);
    const failed = server.shown.length;
    expect(failed).toBeGreaterThan(2);
    expect(failed).toBeLessThan(30);
    server.check = check;
    await advance(600_000);
    expect(new Set(states())).toEqual(new Set(['open']));
    expect(network.pairs).toHaveLength(1);
  });

  it('closes the client for good when auth never has anything, and says why', async () => {
    const failing = { now: false };
    const { advance, client } = await serve({
      auth: () => {
        if (failing.now) throw new Error('signed out');
        return 'ann.1';
      },
    });
    const subscription = client.api.news.subscribe();
    await settled();
    failing.now = true;
    const ended = safe(client.api.slow.mutate(undefined, { timeoutMs: Number.POSITIVE_INFINITY }));
    await advance(120_000);

    expect(client.status).toMatchObject({
      state: 'closed',
      error: { code: 'REFUSED', closeCode: 4501, message: 'the authentication has expired and was not renewed' },
    });
    expect(await ended).toMatchObject({ ok: false, error: { code: 'DISCONNECTED' } });
    expect(subscription.status.state).toBe('closed');
  });

  it('while the client is away costs nothing: it comes back with a fresh token, and its session and subscriptions go on', async () => {
    const { network, advance, client, wire, news, server } = await serve();
    const heard: string[] = [];
    const subscription = client.api.news.subscribe();
    subscription.on('event', (event) => heard.push(event));
    subscription.on('gap', () => heard.push('gap'));
    await settled();
    network.reachable = false;
    network.cut();
    await advance(90_000);
    await wire.publish(news(), 'missed');
    network.reachable = true;
    client.reconnect();
    await settled();

    expect(client.status).toMatchObject({ state: 'open', session: 'resumed' });
    expect(heard).toEqual(['missed']);
    expect(server.shown.at(-1)).not.toBe(server.shown[0]);
  });
});

describe('reauthenticate', () => {
  it('makes a visitor a subject over the open connection', async () => {
    const page = { user: 'visitor' };
    const { client, state, network } = await serve({ auth: () => `${page.user}.1` });
    const call = client.api.slow.mutate();
    await settled();
    expect(await client.api.who.query()).toBe('visitor null');
    page.user = 'ann';
    await client.reauthenticate();
    expect(await client.api.who.query()).toBe('ann ann');
    state.finish();
    expect(await call).toBe('visitor');
    expect(network.pairs).toHaveLength(1);
  });

  it('begins a session of its own for another subject, and subscriptions go on as the new one', async () => {
    const { client, server, network, advance, state, wire, news } = await serve();
    const heard: string[] = [];
    const subscription = client.api.news.subscribe();
    subscription.on('event', (event) => heard.push(event));
    const call = safe(client.api.slow.mutate());
    await settled();
    server.user = 'eve';
    const done = client.reauthenticate();
    await advance(2_000);
    await done;

    expect(await client.api.who.query()).toBe('eve eve');
    expect(await call).toMatchObject({ ok: false, error: { code: 'DISCONNECTED', delivery: 'unknown' } });
    expect(client.status.session).toBe('new');
    expect(network.pairs).toHaveLength(2);
    await wire.publish(news(), 'to eve');
    await settled();
    expect(heard).toEqual(['to eve']);
    expect(wire.sessions.count).toBe(1);
    state.finish();
  });

  it('rejects with AUTH when auth or the server fails, and the client is who it was', async () => {
    const broken = { auth: false };
    const { client, server } = await serve({
      auth: () => {
        if (broken.auth) throw new Error('no token');
        return 'ann.1';
      },
    });
    broken.auth = true;
    await expect(client.reauthenticate()).rejects.toMatchObject({
      code: 'AUTH',
      message: 'auth failed: Error: no token',
    });
    broken.auth = false;
    server.check = () => Promise.reject(new Error('away'));
    await expect(client.reauthenticate()).rejects.toMatchObject({ code: 'AUTH' });
    expect(await client.api.who.query()).toBe('ann ann');
  });

  it('shows what auth gives after it was called, also when older credentials are with the server', async () => {
    const { client, server } = await serve();
    let answer: () => void = () => {};
    const { check } = server;
    server.check = (user) =>
      new Promise((resolve) => {
        answer = () => resolve(check(user));
      });
    const first = client.reauthenticate();
    await settled();
    server.check = check;
    const second = client.reauthenticate();
    const third = client.reauthenticate();
    await settled();
    expect(server.shown).toEqual(['ann.1', 'ann.2']);
    answer();
    await Promise.all([first, second, third]);
    expect(server.shown).toEqual(['ann.1', 'ann.2', 'ann.3']);
  });

  it('without a connection connects now, and resolves when it is open', async () => {
    const { client, network, server } = await serve();
    network.cut();
    await settled();
    await client.reauthenticate();
    expect(client.status).toMatchObject({ state: 'open', session: 'resumed' });
    expect(server.shown).toEqual(['ann.1', 'ann.2']);
  });

  it('revives a client that the server had refused', async () => {
    const { client, wire, server } = await serve();
    const old = client.api.news.subscribe();
    await settled();
    wire.disconnect({ subject: 'ann' }, { reason: 'signed out everywhere' });
    await settled();
    expect(client.status).toMatchObject({
      state: 'closed',
      error: { code: 'REFUSED', message: 'signed out everywhere' },
    });
    expect(await safe(client.api.who.query())).toMatchObject({ ok: false, error: { code: 'DISCONNECTED' } });

    await client.reauthenticate();

    expect(await client.api.who.query()).toBe('ann ann');
    expect(old.status.state).toBe('closed');
    const next = client.api.news.subscribe();
    await settled();
    expect(next.status.state).toBe('live');
    server.check = () => null;
    await expect(client.reauthenticate()).rejects.toMatchObject({ code: 'REFUSED', closeCode: 4501 });
    await expect(client.reauthenticate()).rejects.toMatchObject({ code: 'REFUSED', closeCode: 4501 });
  });

  it('may be called by who is told that the client is closed', async () => {
    const { client, wire } = await serve();
    let revived: Promise<void> | null = null;
    const stop = client.on('status', ({ state }) => {
      if (state !== 'closed') return;
      stop();
      revived = client.reauthenticate();
    });
    wire.disconnect({ subject: 'ann' });
    await settled();
    await revived;
    expect(client.status.state).toBe('open');
    expect(await client.api.who.query()).toBe('ann ann');
  });

  it('rejects once the client was closed by the program, also when it waited', async () => {
    const { client, network, environment } = await serve();
    network.reachable = false;
    network.cut();
    await settled();
    const waiting = client.reauthenticate();
    const rejected = expect(waiting).rejects.toMatchObject({ code: 'ALREADY_CLOSED' });
    await client.close();
    await rejected;
    await expect(client.reauthenticate()).rejects.toMatchObject({ code: 'ALREADY_CLOSED' });
    await settled();
    expect(environment.clock.pending).toBeLessThanOrEqual(1);
  });
});

it('closes a connection whose server answers what was not sent', async () => {
  const { client, network } = await serve();
  network.pairs[0]?.right.send('[6]');
  await settled();
  expect(client.status).toMatchObject({ state: 'reconnecting', error: { closeCode: 4502 } });
});

it('renews over real sockets while a call, a stream and a subscription go on', async () => {
  const { state, news, router } = declare();
  let checked = 0;
  let renewed: () => void = () => {};
  const thrice = new Promise<void>((resolve) => {
    renewed = resolve;
  });
  const wire = createWire({
    router,
    authentication: { renewBeforeMs: 100_000, graceMs: 10_000 },
    authenticate: ({ auth }) => {
      if (++checked === 4) renewed();
      return { context: { user: String(auth) }, subject: 'ann', expiresAt: new Date(Date.now() + 1_000) };
    },
  });
  const server = await listen(wire, { port: 0, host: '127.0.0.1' });
  let tokens = 0;
  const client = createClient<Api>({
    url: `ws://127.0.0.1:${server.port}`,
    auth: async () => `token ${++tokens}`,
  });
  const states = new Set<string>();
  client.on('status', (status) => states.add(status.state));
  const heard: string[] = [];
  const subscription = client.api.news.subscribe();
  subscription.on('event', (event) => heard.push(event));
  const stream = client.api.count.stream();
  await stream.next();
  const call = client.api.slow.mutate();
  const before = await client.api.who.query();

  await thrice;
  expect(await client.api.who.query()).not.toBe(before);
  await wire.publish(news(), 'after');
  state.finish();

  expect(await call).toBe('token 1');
  expect((await stream.next()).value).toBe(1);
  await client.api.who.query();
  expect(heard).toEqual(['after']);
  expect(states).toEqual(new Set(['open']));
  await client.close();
  await server.close();
});

describe('credentials that the server does not answer', () => {
  /** One whose `authenticate` takes as long as it is let, and may take longer than the client waits. */
  async function open() {
    const served = await serve({ openTimeoutMs: 4_000 });
    let answer = (): void => {};
    served.server.check = (user) =>
      new Promise((resolve) => {
        answer = () => resolve({ context: { user }, subject: user });
      });
    return { ...served, answer: () => answer() };
  }

  const outcomeOf = (asked: Promise<void>): Promise<unknown> =>
    asked.then(() => 'taken').catch((error: unknown) => error);

  it('reject whoever waits after openTimeoutMs, and the connection goes on', async () => {
    const { client, advance, states } = await open();
    const asked = outcomeOf(client.reauthenticate());
    await advance(3_999);
    const later = outcomeOf(client.reauthenticate());
    await advance(1);
    const error = { code: 'AUTH', message: expect.stringContaining('see the option openTimeoutMs') };
    expect(await asked).toMatchObject(error);

    await advance(4_000);
    expect(await later).toMatchObject(error);
    expect(await client.api.who.query()).toBe('ann ann');
    expect(new Set(states())).toEqual(new Set(['open']));
  });

  it('are still taken when the answer comes later, and others can be shown then', async () => {
    const { client, advance, answer, server, network } = await open();
    const asked = outcomeOf(client.reauthenticate());
    await advance(4_000);
    expect(await asked).toMatchObject({ code: 'AUTH' });
    const shown = server.shown.length;
    const again = outcomeOf(client.reauthenticate());
    await settled();
    expect(server.shown).toHaveLength(shown);

    answer();
    await settled();
    expect(server.shown).toHaveLength(shown + 1);
    answer();
    expect(await again).toBe('taken');
    expect(network.pairs).toHaveLength(1);
  });
});
