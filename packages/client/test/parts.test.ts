import { contract, createSuperjsonSerializer } from '@typewire/core';
import { createWire, typewire } from '@typewire/server';
import { fakeEnvironment, memoryNetwork } from '@typewire/testing';
import { afterEach, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { createClient, safe } from '../src/index.ts';
import { createClient as createJsonClient } from '../src/json.ts';
import { Later } from '../src/later.ts';
import { binaryPart, handlerPart, historyPart, presencePart, renewalPart, uploadPart } from '../src/parts.ts';

const t = typewire().caller({ confirm: contract.input(z.string()).output(z.boolean()).query() });
const router = t.router({
  ask: t.input(z.string()).mutation(({ input, caller }) => caller.confirm.query(input)),
  one: t.query(() => 1),
  room: t.channel({
    params: z.object({ room: z.string() }),
    event: z.string(),
    readHistory: () => true,
    presence: { state: z.number(), see: () => true, enter: () => true },
    subscribe: () => true,
  }),
  store: t.upload(z.string()).mutation(async ({ incoming }) => {
    let count = 0;
    for await (const _ of incoming) count++;
    return count;
  }),
});

const lobby = { room: 'lobby' };

function serve(handlers?: { confirm: () => boolean }) {
  const environment = fakeEnvironment();
  const wire = createWire({ router, environment, onError: () => {} });
  const network = memoryNetwork((transport) =>
    wire.accept(transport, { url: '/', headers: new Map(), remoteAddress: null }),
  );
  const options = { url: 'memory:', connect: network.connect, environment };
  const client = createClient<typeof router>(handlers === undefined ? options : { ...options, handlers });
  return { client, environment, network };
}

/** The next load comes to nothing, as on a page that is older than what is deployed. */
function failOnce(part: Later<never> | Later<object>) {
  return vi.spyOn(part as Later<object>, 'load').mockRejectedValueOnce(new Error('no such chunk'));
}

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

it('loads once, and has it at once from then on', async () => {
  let loads = 0;
  const part = new Later(async () => ({ loads: ++loads }));
  const first = await part.load();
  expect(part.load()).toBe(first);
  expect(loads).toBe(1);
});

it('loads again after it failed', async () => {
  let loads = 0;
  const part = new Later(async () => {
    if (++loads === 1) throw new Error('no such chunk');
    return loads;
  });
  await expect(async () => part.load()).rejects.toThrow('no such chunk');
  expect(await part.load()).toBe(2);
});

it('tells those who wait in the order in which they asked, before whoever has it at once', async () => {
  const told: string[] = [];
  let loaded = (_module: object): void => {};
  const part = new Later(() => new Promise<object>((resolve) => (loaded = resolve)));
  const use = (name: string): void => {
    const found = part.load();
    if (found instanceof Promise) void found.then(() => told.push(name));
    else told.push(name);
  };
  use('first');
  loaded({});
  for (let turn = 0; turn < 5; turn++) {
    use(`turn ${turn}`);
    await Promise.resolve();
  }
  expect(told).toEqual(['first', 'turn 0', 'turn 1', 'turn 2', 'turn 3', 'turn 4']);
});

it('loads nothing for calls and channels alone', async () => {
  const parts = [binaryPart, handlerPart, renewalPart, uploadPart, historyPart, presencePart];
  const loads = parts.map((part) => vi.spyOn(part as Later<object>, 'load'));
  const { api } = serve().client;
  const room = api.room.subscribe(lobby);
  expect(await api.one.query()).toBe(1);
  await vi.waitFor(() => expect(room.status.state).toBe('live'));
  for (const load of loads) expect(load).not.toHaveBeenCalled();
});

it('has its handlers before it is connected, and does not connect without them', async () => {
  failOnce(handlerPart);
  const { client, environment, network } = serve({ confirm: () => true });
  await environment.clock.advanceAsync(0);
  expect(network.pairs).toHaveLength(0);
  expect(client.status).toMatchObject({ state: 'connecting', attempt: 1, error: { code: 'AUTH' } });
  expect(client.status.error?.message).toContain('no such chunk');

  client.reconnect();
  expect(await client.api.ask.mutate('sure?')).toBe(true);
});

it('refuses what the server calls where there are no handlers', async () => {
  expect(await safe(serve().client.api.ask.mutate('sure?'))).toMatchObject({ ok: false, error: { code: 'INTERNAL' } });
});

it('does not begin an upload that it cannot send, and says why', async () => {
  const { client } = serve();
  failOnce(uploadPart);
  const error = { code: 'DISCONNECTED', delivery: 'not-sent', cause: { message: 'no such chunk' } };
  expect(await safe(client.api.store.mutate(undefined, { upload: ['a'] }))).toMatchObject({ ok: false, error });
  expect(await client.api.store.mutate(undefined, { upload: ['a', 'b'] })).toBe(2);
});

it('does not begin an upload that is given up while it is loaded, and keeps the order of the others', async () => {
  const { client } = serve();
  const loaded = await uploadPart.load();
  let arrive = (): void => {};
  vi.spyOn(uploadPart, 'load').mockReturnValue(new Promise((resolve) => (arrive = () => resolve(loaded))));
  const given = new AbortController();
  const order: number[] = [];
  const upload = async (source: readonly string[], signal?: AbortSignal): Promise<void> => {
    order.push(await client.api.store.mutate(undefined, signal ? { upload: source, signal } : { upload: source }));
  };
  const first = upload(['a']);
  const aborted = safe(upload(['a', 'b'], given.signal));
  const third = upload(['a', 'b', 'c']);
  given.abort();
  arrive();

  expect(await aborted).toMatchObject({ ok: false, error: { code: 'ABORTED', delivery: 'not-sent' } });
  await Promise.all([first, third]);
  expect(order).toEqual([1, 3]);
});

it('rejects an authentication that it cannot begin, and is who it was', async () => {
  const { client } = serve();
  expect(await client.api.one.query()).toBe(1);
  failOnce(renewalPart);
  await expect(client.reauthenticate()).rejects.toMatchObject({ name: 'ConnectionError', code: 'AUTH' });
  expect(client.status.state).toBe('open');
  await client.reauthenticate();
});

it('rejects a page of history that it cannot ask for, and asks the next time', async () => {
  const { client } = serve();
  failOnce(historyPart);
  const error = { code: 'DISCONNECTED', delivery: 'not-sent', cause: { message: 'no such chunk' } };
  expect(await safe(client.api.room.history(lobby))).toMatchObject({ ok: false, error });
  expect(await client.api.room.history(lobby)).toEqual({ events: [], more: false });
});

it('says who looks at presence that it cannot be loaded, and loads it at the next look', async () => {
  const { client } = serve();
  const { presence } = client.api.room.subscribe(lobby);
  const refused: unknown[] = [];
  presence.on('refused', (right, { code, message }) => refused.push([right, code, message]));
  const text = 'the client could not be loaded in full: Error: no such chunk';
  failOnce(presencePart);
  expect(presence.members.size).toBe(0);
  await vi.waitFor(() => expect(refused).toEqual([['watch', 'DISCONNECTED', text]]));

  failOnce(presencePart);
  presence.update(1);
  await vi.waitFor(() => expect(refused[1]).toEqual(['enter', 'DISCONNECTED', text]));

  presence.update(2);
  presence.on('join', () => {});
  await vi.waitFor(() => expect([...presence.members.values()]).toEqual([2]));
  expect(refused).toHaveLength(2);
});

it('reports it where nobody listens', async () => {
  const reported: unknown[] = [];
  vi.stubGlobal('reportError', (error: unknown) => reported.push(error));
  const { presence } = serve().client.api.room.subscribe(lobby);
  failOnce(presencePart);
  presence.update(1);
  await vi.waitFor(() =>
    expect(reported).toMatchObject([{ code: 'DISCONNECTED', cause: { message: 'no such chunk' } }]),
  );
});

it('asks nothing for presence that is closed before it is loaded', async () => {
  const { client, network } = serve();
  expect(await client.api.one.query()).toBe(1);
  const room = client.api.room.subscribe(lobby);
  await vi.waitFor(() => expect(room.status.state).toBe('live'));
  let loaded = (): void => {};
  const found = presencePart.load();
  vi.spyOn(presencePart, 'load').mockReturnValueOnce(new Promise((resolve) => (loaded = () => resolve(found))));
  room.presence.update(1);
  room.close();
  loaded();
  expect(await client.api.one.query()).toBe(1);
  const sent = network.pairs.flatMap((pair) => pair.left.sent);
  expect(sent.filter((text) => /\[4[1-4],/.test(String(text)))).toEqual([]);
});

it('does not connect with a serializer of its own before it can read bytes', async () => {
  const environment = fakeEnvironment();
  const wire = createWire({ router, environment });
  const network = memoryNetwork((transport) =>
    wire.accept(transport, { url: '/', headers: new Map(), remoteAddress: null }),
  );
  failOnce(binaryPart);
  const serializer = createSuperjsonSerializer();
  const client = createJsonClient<typeof router>({ url: 'memory:', connect: network.connect, environment, serializer });
  await environment.clock.advanceAsync(0);
  expect(network.pairs).toHaveLength(0);
  expect(client.status).toMatchObject({ state: 'connecting', attempt: 1, error: { code: 'AUTH' } });

  client.reconnect();
  expect(await client.api.one.query()).toBe(1);
});
