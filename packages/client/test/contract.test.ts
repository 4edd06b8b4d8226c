import { contract, type Schema } from '@typewire/core';
import { createWire, implement, typewire } from '@typewire/server';
import { fakeEnvironment, memoryNetwork, settled } from '@typewire/testing';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type Client, createClient, safe } from '../src/index.ts';

const brokenSchema: Schema = {
  '~standard': {
    version: 1,
    vendor: 'test',
    validate() {
      throw new RangeError('bug');
    },
  },
};
const room = contract.channel({ params: z.object({ room: z.string().max(5) }), event: z.string().max(5) });
const chat = contract.router({
  send: contract
    .input(z.object({ to: z.object({ name: z.string().trim() }) }))
    .output(z.string())
    .mutation(),
  now: contract.output(z.number()).query(),
  rooms: { room },
  count: contract.input(z.number()).output(z.number()).stream(),
  slow: contract
    .input(z.string().refine(async (text) => text === 'yes'))
    .output(z.string())
    .query(),
  broken: contract.input(brokenSchema).query(),
});
const api = implement(chat, {
  send: ({ input }) => input.to.name,
  now: () => 1,
  rooms: { room: { subscribe: () => true, publish: () => true } },
  async *count({ input }) {
    for (let index = 0; index < input; index++) yield index;
  },
  slow: ({ input }) => input,
  broken: () => 1,
});

/** A client that has the contract, and every message it sent. */
async function openChat() {
  const environment = fakeEnvironment();
  const wire = createWire({ router: api, environment, onError: () => {} });
  const network = memoryNetwork((transport) =>
    wire.accept(transport, { url: '/', headers: new Map(), remoteAddress: null }),
  );
  const client: Client<typeof chat> = createClient({
    contract: chat,
    url: 'memory:',
    connect: network.connect,
    environment,
  });
  await settled();
  const sent = network.pairs[0]?.left.sent ?? [];
  const before = sent.length;
  return { client, sent: () => sent.slice(before) };
}

const wrong = <Value>(value: unknown): Value => value as Value;

describe('a client with its contract', () => {
  it('makes calls, streams and subscriptions as any other', async () => {
    const { client } = await openChat();
    const lobby = client.api.rooms.room.subscribe({ room: 'lobby' });
    const events: string[] = [];
    lobby.on('event', (event) => events.push(event));

    expect(await client.api.send.mutate({ to: { name: ' ann ' } })).toBe('ann');
    expect(await client.api.now.query()).toBe(1);
    await lobby.publish('hi');
    await client.api.rooms.room.publish({ room: 'lobby' }, 'there');
    const counted: number[] = [];
    for await (const item of client.api.count.stream(2)) counted.push(item);

    expect(counted).toEqual([0, 1]);
    expect(events).toEqual(['hi', 'there']);
  });

  it('sends an input as it was given, for the server to parse', async () => {
    const { client, sent } = await openChat();
    await client.api.send.mutate({ to: { name: ' ann ' } });
    expect(sent().join()).toContain('" ann "');
  });

  it('rejects an input that does not pass, with issues and paths, and sends nothing', async () => {
    const { client, sent } = await openChat();
    const outcome = await safe(client.api.send.mutate({ to: { name: wrong(7) } }));
    expect(outcome).toMatchObject({
      ok: false,
      error: { name: 'CallError', code: 'INVALID_INPUT', delivery: 'not-sent', data: [{ path: ['to', 'name'] }] },
    });
    expect(sent()).toEqual([]);
  });

  it('rejects an input where none is taken', async () => {
    const { client, sent } = await openChat();
    expect(await safe(client.api.now.query(wrong('surprise')))).toMatchObject({
      error: { code: 'INVALID_INPUT', delivery: 'not-sent', data: [{ path: [] }] },
    });
    expect(sent()).toEqual([]);
  });

  it('fails a stream with its first item, and ends it', async () => {
    const { client, sent } = await openChat();
    const stream = client.api.count.stream(wrong('two'));
    await expect(stream.next()).rejects.toMatchObject({ code: 'INVALID_INPUT', delivery: 'not-sent' });
    expect(await stream.next()).toEqual({ done: true, value: undefined });
    expect(sent()).toEqual([]);
  });

  it('closes a subscription whose parameters do not pass', async () => {
    const { client, sent } = await openChat();
    const subscription = client.api.rooms.room.subscribe({ room: 'too long' });
    const ends: unknown[] = [];
    subscription.on('closed', (error) => ends.push(error));
    await settled();
    expect(ends).toMatchObject([{ code: 'INVALID_INPUT', delivery: 'not-sent', data: [{ path: ['room'] }] }]);
    expect(subscription.status.state).toBe('closed');
    expect(sent()).toEqual([]);
  });

  it('rejects a publication whose parameters or event do not pass', async () => {
    const { client, sent } = await openChat();
    const { publish } = client.api.rooms.room;
    expect(await safe(publish({ room: 'lobby' }, 'too long'))).toMatchObject({ error: { code: 'INVALID_INPUT' } });
    expect(await safe(publish({ room: 'too long' }, 'hi'))).toMatchObject({ error: { data: [{ path: ['room'] }] } });
    expect(sent()).toEqual([]);

    const lobby = client.api.rooms.room.subscribe({ room: 'lobby' });
    expect(await safe(lobby.publish('too long'))).toMatchObject({ error: { delivery: 'not-sent' } });
  });

  it('rejects what the contract does not know', async () => {
    const { client, sent } = await openChat();
    const loose = wrong<Client<ReturnType<typeof looseRouter>>>(client);
    const missing = { code: 'NOT_FOUND', delivery: 'not-sent' };
    expect(await safe(loose.api.nothing.query())).toMatchObject({ error: missing });
    expect(await safe(loose.api.send.query())).toMatchObject({ error: missing });
    expect(await safe(loose.api.now.publish(undefined, 'hi'))).toMatchObject({ error: missing });
    expect(loose.api.nowhere.subscribe().error).toMatchObject(missing);
    expect(sent()).toEqual([]);
  });

  it('leaves a schema that answers later to the server', async () => {
    const { client } = await openChat();
    expect(await client.api.slow.query('yes')).toBe('yes');
    expect(await safe(client.api.slow.query('no'))).toMatchObject({
      error: { code: 'INVALID_INPUT', delivery: 'answered' },
    });
  });

  it('rejects with the bug of a schema that throws', async () => {
    const { client, sent } = await openChat();
    await expect(client.api.broken.query(1)).rejects.toThrow(RangeError);
    expect(sent()).toEqual([]);
  });
});

it('refuses a router with handlers in the place of a contract', () => {
  const router = wrong<typeof chat>(api);
  expect(() => createClient({ contract: router, url: 'ws://localhost' })).toThrow('contract.router()');
});

/** What a client in plain JavaScript might believe there is. */
function looseRouter() {
  const t = typewire();
  return t.router({
    nothing: t.query(() => 1),
    send: t.query(() => 1),
    now: t.channel({ event: z.string() }),
    nowhere: t.channel({ event: z.string() }),
  });
}
