import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { createWire, typewire } from '@typewire/server';
import { type AttachOptions, attach } from '@typewire/server/node';
import { expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { createClient } from '../src/index.ts';
import { type NodeTransportOptions, nodeTransport } from '../src/node.ts';

const t = typewire();
const news = t.channel({ event: z.string(), subscribe: () => true });
const router = t.router({
  news,
  echo: t.input(z.string()).query(({ input }) => input),
  tell: t.input(z.string()).mutation(({ input, publish }) => publish(news(), input)),
});

/** A server, a client of it, and what has crossed the network. */
async function start(server: AttachOptions['perMessageDeflate'], options: NodeTransportOptions) {
  const http: Server = createServer();
  const sockets: Socket[] = [];
  const offers: unknown[] = [];
  http.on('connection', (socket) => sockets.push(socket));
  http.on('upgrade', ({ headers }) => offers.push(headers['sec-websocket-extensions'] ?? headers['x-asked']));
  attach(http, createWire({ router }), server === undefined ? {} : { perMessageDeflate: server });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const client = createClient<typeof router>({
    url: `ws://127.0.0.1:${(http.address() as AddressInfo).port}/wire`,
    connect: nodeTransport(options),
    retryDelayMs: () => 5,
  });
  onTestFinished(async () => {
    await client.close();
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => http.close(resolve));
  });
  return {
    client,
    offers,
    sockets,
    received: () => sockets.reduce((sum, socket) => sum + socket.bytesRead, 0),
    sent: () => sockets.reduce((sum, socket) => sum + socket.bytesWritten, 0),
  };
}

const short = 'the same again and again '.repeat(400);
/** Long enough for the thread pool. */
const long = 'the same again and again '.repeat(20_000);

it('asks for compression, and calls and events are compressed in both directions, whatever their size', async () => {
  const { client, received, sent, offers } = await start(true, { perMessageDeflate: true });
  const events: string[] = [];
  const subscription = client.api.news.subscribe();
  subscription.on('event', (event) => events.push(event));
  await new Promise<void>((resolve) => subscription.on('status', ({ state }) => state === 'live' && resolve()));
  const answers = await Promise.all([long, short, long, '!', short].map((text) => client.api.echo.query(text)));
  expect(answers).toEqual([long, short, long, '!', short]);
  const told = new Promise<void>((resolve) => subscription.on('event', () => events.length === 2 && resolve()));
  await client.api.tell.mutate(long);
  await client.api.tell.mutate(short);
  await told;
  expect(events).toEqual([long, short]);
  expect(offers).toEqual([expect.stringContaining('permessage-deflate')]);
  for (const bytes of [received(), sent()]) expect(bytes).toBeLessThan(long.length / 4);
});

it.each<[string, AttachOptions['perMessageDeflate'], NodeTransportOptions]>([
  ['the server does not compress', false, { perMessageDeflate: true }],
  ['it was not asked for', true, {}],
])('sends everything plain where %s', async (_, server, options) => {
  const { client, received } = await start(server, options);
  expect(await client.api.echo.query(long)).toBe(long);
  expect(received()).toBeGreaterThan(long.length);
});

it('compresses after it has come back, too', async () => {
  const { client, sockets, received, offers } = await start(true, { perMessageDeflate: true });
  expect(await client.api.echo.query('first')).toBe('first');
  sockets[0]?.destroy();
  expect(await client.api.echo.query(long)).toBe(long);
  expect(offers).toHaveLength(2);
  expect(received()).toBeLessThan(long.length / 4);
});

it('passes on what else the engine takes', async () => {
  const { client, offers } = await start(false, { headers: { 'X-Asked': 'yes' } });
  expect(await client.api.echo.query('a')).toBe('a');
  expect(offers).toEqual(['yes']);
});

it.each<[string, unknown]>([
  ['perMessageDeflate has no option threshold', { perMessageDeflate: { threshold: 5 } }],
  ['handshakeTimeoutMs must be positive', { handshakeTimeoutMs: 0 }],
  ['maxMessageBytes must be', { maxMessageBytes: -1 }],
])('says at once what is wrong with an option: %s', (message, options) => {
  expect(() => nodeTransport(options as NodeTransportOptions)).toThrow(
    expect.objectContaining({ name: 'UsageError', code: 'BAD_OPTION', message: expect.stringContaining(message) }),
  );
});
