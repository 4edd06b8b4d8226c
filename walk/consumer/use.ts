import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createClient, safe } from '@typewire/client';
import { createClient as createJsonClient } from '@typewire/client/json';
import { nodeTransport } from '@typewire/client/node';
import { createWire } from '@typewire/server';
import { attach } from '@typewire/server/node';
import { api } from './api.js';

/** Serves, and uses what is served, with every kind of type a user meets. */
async function use(): Promise<void> {
  const http = createServer();
  const wire = createWire({ router: api });
  attach(http, wire, { path: '/wire' });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const url = `ws://127.0.0.1:${(http.address() as AddressInfo).port}/wire`;

  const client = createClient<typeof api>({ url });
  const sum: number = await client.api.add.query({ a: 1, b: 2 });
  const lobby = client.api.room.subscribe({ room: 'lobby' });
  const first = new Promise<{ text: string; at: Date }>((resolve) => lobby.on('event', resolve));
  await new Promise<void>((resolve) => lobby.on('status', ({ state }) => state === 'live' && resolve()));
  await client.api.say.mutate({ text: 'hello' });
  const { text, at } = await first;
  const loud = await safe(client.api.say.mutate({ text: 'HELLO' }));
  const limit: number = !loud.ok && loud.error.code === 'TOO_LOUD' ? loud.error.data.limit : 0;
  // @ts-expect-error the sum is no string
  const wrong: string = sum;
  void wrong;
  await client.close();

  const json = createJsonClient<typeof api>({ url, connect: nodeTransport({ perMessageDeflate: true }) });
  const again = await json.api.add.query({ a: 2, b: 2 });
  await json.close();

  console.log(JSON.stringify({ sum, text, isDate: at instanceof Date, limit, again }));
  await wire.drain();
  http.close();
}

void use();
