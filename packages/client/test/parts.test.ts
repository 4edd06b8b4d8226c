import { contract } from '@typewire/core';
import { createWire, typewire } from '@typewire/server';
import { fakeEnvironment, memoryNetwork } from '@typewire/testing';
import { afterEach, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { createClient, safe } from '../src/index.ts';
import { Later } from '../src/later.ts';
import { chunksPart, handlerPart, renewalPart } from '../src/parts.ts';

const t = typewire().caller({ confirm: contract.input(z.string()).output(z.boolean()).query() });
const router = t.router({
  ask: t.input(z.string()).mutation(({ input, caller }) => caller.confirm.query(input)),
  one: t.query(() => 1),
  store: t.upload(z.string()).mutation(async ({ incoming }) => {
    let count = 0;
    for await (const _ of incoming) count++;
    return count;
  }),
});

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

afterEach(() => vi.restoreAllMocks());

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

it('loads nothing for calls alone', async () => {
  const loads = [handlerPart, renewalPart, chunksPart].map((part) => vi.spyOn(part as Later<object>, 'load'));
  expect(await serve().client.api.one.query()).toBe(1);
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

it('breaks an upload off that it cannot send, and says why', async () => {
  const { client } = serve();
  failOnce(chunksPart);
  const error = { code: 'ABORTED', cause: { message: 'no such chunk' } };
  expect(await safe(client.api.store.mutate(undefined, { upload: ['a'] }))).toMatchObject({ ok: false, error });
  expect(await client.api.store.mutate(undefined, { upload: ['a', 'b'] })).toBe(2);
});

it('rejects an authentication that it cannot begin, and is who it was', async () => {
  const { client } = serve();
  expect(await client.api.one.query()).toBe(1);
  failOnce(renewalPart);
  await expect(client.reauthenticate()).rejects.toMatchObject({ name: 'ConnectionError', code: 'AUTH' });
  expect(client.status.state).toBe('open');
  await client.reauthenticate();
});
