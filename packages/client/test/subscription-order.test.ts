import { typewire } from '@typewire/server';
import { settled } from '@typewire/testing';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { opened, serveClient } from './served-client.ts';

const t = typewire();
const news = t.channel({ event: z.string(), history: { size: 10 }, subscribe: () => true, publish: () => true });
const post = t.mutation(({ publish }) => publish(news(), 'posted'));
const count = t.stream(async function* () {
  yield 1;
});
const router = t.router({ news, post, count });

it('asks for what was subscribed to before the call that follows', async () => {
  const served = await opened(serveClient(router));
  served.client.api.news.subscribe();
  await served.client.api.post.mutate();
  expect(served.network.pairs[0]?.left.sent[1]).toMatch(/^\[\[32,1,.*\],\[24,2,"post"/);
});

it('asks before a publication and a stream too', async () => {
  const served = await opened(serveClient(router));
  await served.client.api.news.subscribe().publish('mine');
  expect(served.network.pairs[0]?.left.sent[1]).toMatch(/^\[\[32,1,.*\],\[38,2,"news"/);

  const other = await opened(serveClient(router));
  other.client.api.news.subscribe();
  await other.client.api.count.stream().next();
  expect(other.network.pairs[0]?.left.sent[1]).toMatch(/^\[\[32,1,.*\],\[20,2,"count"/);
});

it('keeps the order of what waits for a connection', async () => {
  const served = await opened(serveClient(router));
  served.network.cut();
  await settled();
  served.client.api.news.subscribe();
  const posting = served.client.api.post.mutate();
  await served.environment.clock.advanceAsync(1_000);
  await posting;
  expect(served.network.pairs[1]?.left.sent[1]).toMatch(/^\[\[32,1,.*\],\[24,2,"post"/);
});

it('tells listeners that are attached behind the call where a running topic stands', async () => {
  const served = await opened(serveClient(router));
  served.client.api.news.subscribe(undefined, { rewind: 5 });
  await served.client.api.post.mutate();
  await settled();
  const late = served.client.api.news.subscribe(undefined, { rewind: 5 });
  const posting = served.client.api.post.mutate();
  const heard: string[] = [];
  late.on('status', ({ state }) => heard.push(state));
  late.on('event', (event) => heard.push(event));
  expect(heard).toEqual([]);
  await posting;
  await settled();
  expect(heard).toEqual(['live', 'posted', 'posted']);
});

it('gives a topic back that was closed in its own tick behind a call', async () => {
  const served = await opened(serveClient(router));
  const subscription = served.client.api.news.subscribe();
  const posting = served.client.api.post.mutate();
  subscription.close();
  await posting;
  await settled();
  expect(served.network.pairs[0]?.left.sent.at(-1)).toMatch(/^\[34,/);
});
