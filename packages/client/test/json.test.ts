import { createJsonSerializer, createSuperjsonSerializer, type Serializer } from '@typewire/core';
import { createWire, typewire } from '@typewire/server';
import { fakeEnvironment, memoryNetwork } from '@typewire/testing';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { type CreateClient, createClient as createSuperjsonClient } from '../src/index.ts';
import { createClient } from '../src/json.ts';

const t = typewire();
const router = t.router({
  echo: t.input(z.unknown()).query(({ input }) => input),
  now: t.query(() => new Date(0)),
  bytes: t.query(() => Uint8Array.of(1, 2)),
});

function serve(create: CreateClient, serializer = createJsonSerializer(), own?: Serializer) {
  const environment = fakeEnvironment();
  const wire = createWire({ router, environment, serializer, onError: () => {} });
  const network = memoryNetwork((transport) =>
    wire.accept(transport, { url: '/', headers: new Map(), remoteAddress: null }),
  );
  const options = { url: 'memory:', connect: network.connect, environment };
  return create<typeof router>(own === undefined ? options : { ...options, serializer: own });
}

it('carries plain JSON to a server that speaks nothing else', async () => {
  const client = serve(createClient);
  expect(await client.api.echo.query({ a: [1, null, 'two'] })).toEqual({ a: [1, null, 'two'] });
});

it('refuses the rest before it is sent, and says where it stands', async () => {
  const refused = expect.objectContaining({
    name: 'UsageError',
    code: 'UNSERIALIZABLE',
    message: 'input.user.born is an instance of Date, which cannot travel: the serializer carries plain JSON only',
  });
  await expect(serve(createClient).api.echo.query({ user: { born: new Date(0) } })).rejects.toEqual(refused);
});

it('leaves a client with superjson as it was', async () => {
  const client = serve(createSuperjsonClient);
  await expect(client.api.echo.query(1)).resolves.toBe(1);
  await expect(client.api.now.query()).rejects.toMatchObject({ name: 'CallError', code: 'INTERNAL' });
});

it('does not take bytes from a server that speaks more than it does', async () => {
  const client = serve(createClient, createSuperjsonSerializer());
  const lost = new Promise((resolve) => client.on('status', ({ error }) => error !== null && resolve(error)));
  client.api.bytes.query().catch(() => {});
  expect(await lost).toMatchObject({
    closeCode: 4502,
    message: 'a binary message, where only plain JSON is spoken',
  });
});

it('sends and takes bytes with a serializer of your own that carries them, from the first message on', async () => {
  const client = serve(createClient, createSuperjsonSerializer(), createSuperjsonSerializer());
  expect(await client.api.bytes.query()).toEqual(Uint8Array.of(1, 2));
  expect(await client.api.echo.query({ all: Uint8Array.of(3) })).toEqual({ all: Uint8Array.of(3) });
});
