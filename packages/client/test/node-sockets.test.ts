import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { UsageError as EngineUsageError } from '@typewire/node';
import { createWire, typewire, type Wire, type WireSettings } from '@typewire/server';
import { attach, listen } from '@typewire/server/node';
import { afterEach, expect, it } from 'vitest';
import { z } from 'zod';
import { type Client, type ClientOptions, type ConnectionState, createClient, safe, UsageError } from '../src/index.ts';

const t = typewire();
const room = t.channel({
  params: z.object({ room: z.string() }),
  event: z.string(),
  history: {},
  presence: z.string(),
  subscribe: () => true,
});
const router = t.router({
  room,
  now: t.query(() => new Date(7)),
  later: t.input(z.number()).query(({ input }) => new Promise<number>((resolve) => setImmediate(resolve, input))),
  size: t.input(z.string()).mutation(({ input }) => input.length),
  echo: t.input(z.instanceof(Uint8Array)).query(({ input }) => input),
  fill: t.input(z.number()).mutation(({ input }) => 'x'.repeat(input)),
  say: t
    .input(z.object({ room: z.string(), text: z.string() }))
    .mutation(({ input, publish }) => publish(room(input), input.text)),
  wait: t.mutation(({ signal }) => new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))),
});
type Api = typeof router;

const cleanups: Array<() => unknown> = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** A real HTTP server with the wire attached; stopping it drops every socket, as a killed process does. */
async function start(
  port = 0,
  settings: WireSettings = {},
): Promise<{ readonly port: number; readonly wire: Wire; stop(): Promise<void>; transferred(): number }> {
  const wire = createWire({ router, ...settings });
  const http: Server = createServer();
  const sockets = new Set<Socket>();
  http.on('connection', (socket) => sockets.add(socket));
  attach(http, wire);
  await new Promise<void>((resolve) => http.listen(port, '127.0.0.1', resolve));
  const stop = async (): Promise<void> => {
    const closed = new Promise((resolve) => http.close(resolve));
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  cleanups.push(stop);
  const transferred = (): number =>
    [...sockets].reduce((sum, socket) => sum + socket.bytesRead + socket.bytesWritten, 0);
  return { port: (http.address() as AddressInfo).port, wire, stop, transferred };
}

function connect(port: number, options: Partial<ClientOptions> = {}): Client<Api> {
  const client = createClient<Api>({ url: `ws://127.0.0.1:${port}/wire`, retryDelayMs: () => 5, ...options });
  cleanups.push(() => client.close());
  return client;
}

/** Resolves when the connection is in `state`, now or later. */
function reaches(client: Client<Api>, state: ConnectionState): Promise<void> {
  if (client.status.state === state) return Promise.resolve();
  return new Promise((resolve) => {
    const stop = client.on('status', (status) => {
      if (status.state !== state) return;
      stop();
      resolve();
    });
  });
}

it('answers any number of calls that are made at once', async () => {
  const client = connect((await start()).port);
  await client.api.now.query();
  const inputs = Array.from({ length: 3_000 }, (_, index) => index);
  expect(await Promise.all(inputs.map((input) => client.api.later.query(input)))).toEqual(inputs);
});

it('calls and subscribes over a real socket', async () => {
  const { port } = await start();
  const [ann, bob] = [connect(port), connect(port)];
  const lobby = bob.api.room.subscribe({ room: 'lobby' });
  await new Promise<void>((resolve) => lobby.on('status', ({ state }) => state === 'live' && resolve()));
  const heard = lobby[Symbol.asyncIterator]().next();

  await ann.api.say.mutate({ room: 'lobby', text: 'hi' });

  expect(await heard).toEqual({ value: 'hi', done: false });
  expect(await ann.api.now.query()).toEqual(new Date(7));
  ann.reconnect();
  await new Promise<void>((resolve) => ann.on('status', ({ latencyMs }) => latencyMs !== null && resolve()));
  expect(ann.status.latencyMs).toBeGreaterThan(0);
});

it('shows who is present over real sockets, also after the server was killed', async () => {
  const first = await start();
  const [ann, bob] = [connect(first.port), connect(first.port)];
  ann.api.room.subscribe({ room: 'lobby' }).presence.update('Ann');
  const { presence } = bob.api.room.subscribe({ room: 'lobby' });
  const heard: string[] = [];
  const joined = (count: number): Promise<void> =>
    new Promise((resolve) => {
      presence.on('sync', () => heard.filter((what) => what === 'join Ann').length >= count && resolve());
    });
  presence.on('join', (_id, name) => heard.push(`join ${name}`));
  presence.on('leave', (_id, name) => heard.push(`leave ${name}`));
  await joined(1);
  await first.stop();
  await start(first.port);
  await joined(2);

  expect([...presence.members.values()]).toEqual(['Ann']);
  expect(heard).toEqual(expect.arrayContaining(['join Ann', 'leave Ann', 'join Ann']));
});

it('survives a server that is killed and started again', async () => {
  const first = await start();
  const client = connect(first.port);
  const lobby = client.api.room.subscribe({ room: 'lobby' });
  let gaps = 0;
  lobby.on('gap', () => gaps++);
  await reaches(client, 'open');
  const waiting = safe(client.api.wait.mutate());
  await client.api.now.query();

  await first.stop();
  await reaches(client, 'reconnecting');
  const later = client.api.now.query();
  const again = await start(first.port);
  await reaches(client, 'open');

  expect(await later).toEqual(new Date(7));
  expect(await waiting).toMatchObject({ error: { code: 'DISCONNECTED', delivery: 'unknown' } });
  const heard = lobby[Symbol.asyncIterator]().next();
  await client.api.now.query();
  await again.wire.publish(room({ room: 'lobby' }), 'back');
  expect(await heard).toEqual({ value: 'back', done: false });
  expect(gaps).toBe(1);
});

it('serves without an HTTP server', async () => {
  const wire = createWire({ router });
  const listening = await listen(wire, { host: '127.0.0.1', port: 0 });
  cleanups.push(() => listening.close());
  expect(await connect(listening.port).api.now.query()).toEqual(new Date(7));
});

it('aborts the handlers of a client that goes away', async () => {
  const { port, wire } = await start();
  const client = connect(port);
  const waiting = safe(client.api.wait.mutate());
  await client.api.now.query();
  expect(wire.connections).toBe(1);
  await client.close();
  expect(await waiting).toMatchObject({ error: { code: 'DISCONNECTED' } });
  const other = connect(port);
  await other.api.now.query();
  expect(wire.connections).toBe(1);
});

it.each(['nonsense', 'ftp://x', 'ws://user:pw@localhost/'])('refuses the url %s at once', (url) => {
  expect(() => connect(0, { url })).toThrow(UsageError);
});

it.each(['nonsense', 'ftp://x', 'ws://user:pw@localhost/'])('closes for good when url() gives %s', async (url) => {
  const client = connect(0, { url: () => url });
  await reaches(client, 'closed');
  expect(client.status.error).toMatchObject({ code: 'BAD_OPTION', cause: { name: 'UsageError' } });
});

it('knows a usage error of the engine, which has a class of its own', async () => {
  const client = connect(0, {
    connect: () => {
      throw new EngineUsageError('BAD_OPTION', 'not like this');
    },
  });
  await reaches(client, 'closed');
  expect(client.status.error).toMatchObject({ code: 'BAD_OPTION', message: 'not like this' });
});

it('closes for good when a path is used where there is no page', async () => {
  const client = connect(0, { url: '/wire' });
  await reaches(client, 'closed');
  expect(client.status.error).toMatchObject({ code: 'BAD_OPTION', cause: { name: 'UsageError' } });
  expect(await safe(client.api.now.query())).toMatchObject({ error: { delivery: 'not-sent' } });
});

it('sends many large calls of one tick in messages the server takes', async () => {
  const { port } = await start();
  const client = connect(port);
  await client.api.now.query();
  const sizes = await Promise.all(Array.from({ length: 64 }, () => client.api.size.mutate('x'.repeat(20_000))));
  expect(sizes).toEqual(Array.from({ length: 64 }, () => 20_000));
});

it('says which end closed when a message is above its own limit, and comes back', async () => {
  const { port } = await start();
  const client = connect(port);
  const errors: Array<{ code: string; closeCode: number | null; message: string }> = [];
  client.on('status', ({ error }) => error && errors.push(error));
  // The engine's own limit is 16 MiB.
  const answer = await safe(client.api.fill.mutate(17_000_000));
  expect(answer).toMatchObject({ error: { code: 'DISCONNECTED', delivery: 'unknown' } });
  expect(errors[0]).toMatchObject({ code: 'LOST', closeCode: 1009 });
  expect(errors[0]?.message).toMatch(/^this end closed the connection with 1009: .+/);
  expect(await client.api.now.query()).toEqual(new Date(7));
});

it('carries a MiB of bytes up and down, and next to nothing besides', async () => {
  const { port, transferred } = await start(0, { limits: { maxMessageBytes: 2_000_000 } });
  const client = connect(port);
  await reaches(client, 'open');
  const bytes = Uint8Array.from({ length: 1_048_576 }, (_, index) => index * 7);
  const before = transferred();
  const arrived = await client.api.echo.query(bytes);

  expect(Buffer.compare(arrived, bytes)).toBe(0);
  expect(transferred() - before).toBeGreaterThan(2 * bytes.length);
  expect(transferred() - before).toBeLessThan(2 * bytes.length * 1.001);
});
