import { createHook } from 'node:async_hooks';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { attach } from '../src/adapters/node.ts';
import { createWire, typewire } from '../src/index.ts';
import { RawSocket } from './raw-socket.ts';

const t = typewire();
const news = t.channel({ event: z.string(), subscribe: () => true });
const long = 'the same again and again '.repeat(200);

/** A wire with compression, and one who follows its channel for each of `offers`, compressed where that is `true`. */
async function audience(offers: readonly boolean[]) {
  const http = createServer();
  const wire = createWire({ router: t.router({ news }) });
  const attached = attach(http, wire, { perMessageDeflate: true });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  onTestFinished(async () => {
    await attached.close();
    http.close();
  });
  const subscribers: RawSocket[] = [];
  for (const offering of offers) {
    const raw = new RawSocket((http.address() as AddressInfo).port);
    onTestFinished(() => void raw.socket.destroy());
    expect(await raw.upgrade('/wire', offering ? { 'Sec-WebSocket-Extensions': 'permessage-deflate' } : {})).toBe(101);
    raw.send(0x81, '[1,1,{"control":true}]');
    await raw.until((bytes) => bytes.includes('[2,'));
    raw.send(0x81, '[32,1,"news",null,0]');
    await raw.until((bytes) => bytes.includes('[33,'));
    subscribers.push(raw);
  }
  return { wire, subscribers };
}

/** How often zlib is called from now on. */
function countZlib(): () => number {
  let count = 0;
  const hook = createHook({
    init(_id, type) {
      if (type === 'ZLIB') count++;
    },
  }).enable();
  onTestFinished(() => void hook.disable());
  return () => count;
}

const RSV1_TEXT = 0xc1;

it('compresses a long event once for all who follow a channel', async () => {
  const { wire, subscribers } = await audience(Array.from({ length: 20 }, () => true));
  const zlibCalls = countZlib();
  await wire.publish(news(), long);
  for (const subscriber of subscribers) await subscriber.until((bytes) => bytes.includes(RSV1_TEXT));
  expect(zlibCalls()).toBe(1);
  await wire.publish(news(), 'short');
  for (const subscriber of subscribers) await subscriber.until((bytes) => bytes.includes('"short"'));
  expect(zlibCalls()).toBe(1);
});

it('sends it plain to who cannot have it compressed', async () => {
  const { wire, subscribers } = await audience([false, true, false]);
  const zlibCalls = countZlib();
  await wire.publish(news(), long);
  for (const index of [0, 2]) await subscribers[index]?.until((bytes) => bytes.includes(long));
  await subscribers[1]?.until((bytes) => bytes.includes(RSV1_TEXT));
  expect(zlibCalls()).toBe(1);
});

it('never calls zlib where nobody can have it', async () => {
  const { wire, subscribers } = await audience([false, false]);
  const zlibCalls = countZlib();
  await wire.publish(news(), long);
  for (const subscriber of subscribers) await subscriber.until((bytes) => bytes.includes(long));
  expect(zlibCalls()).toBe(0);
});
