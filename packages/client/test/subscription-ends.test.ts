import { typewire } from '@typewire/server';
import { settled } from '@typewire/testing';
import { expect, it, vi } from 'vitest';
import { z } from 'zod';
import type { Subscription } from '../src/index.ts';
import { opened, serveClient } from './served-client.ts';

const t = typewire();
const news = t.channel({ event: z.string(), subscribe: () => true });
const secret = t.channel({ event: z.string(), subscribe: () => false });
const router = t.router({ news, secret });

function endsOf(subscription: Subscription<string>): unknown[] {
  const ends: unknown[] = [];
  subscription.on('closed', (error) => ends.push(error));
  return ends;
}

it('ends a subscription that was made in the tick in which the client is closed', async () => {
  const served = await opened(serveClient(router));
  const subscription = served.client.api.news.subscribe();
  const ends = endsOf(subscription);
  const read = subscription[Symbol.asyncIterator]().next();
  await served.client.close();
  await settled();
  expect(ends).toEqual([null]);
  expect(await read).toEqual({ value: undefined, done: true });
  expect(subscription.status.state).toBe('closed');
});

it('ends one that is made while the client closes for good', async () => {
  const served = await opened(serveClient(router));
  const ends: unknown[] = [];
  // Told while the client closes for good: what is subscribed to now still belongs to before.
  served.client.api.news.subscribe().on('status', ({ state }) => {
    if (state === 'live') return;
    served.client.api.news.subscribe().on('closed', (error) => ends.push(error));
  });
  await settled();
  served.network.pairs[0]?.right.close(1008, 'no');
  await settled();
  expect(served.client.status.state).toBe('closed');
  expect(ends).toEqual([expect.objectContaining({ code: 'DISCONNECTED', delivery: 'not-sent' })]);
});

it('returns one that is closed, and says why, when the client is closed', async () => {
  const served = await opened(serveClient(router));
  served.network.pairs[0]?.right.close(1008, 'no');
  await settled();
  const subscription = served.client.api.news.subscribe();
  const ends = endsOf(subscription);
  expect(subscription.status).toEqual({ state: 'closed', outcome: null });
  expect(subscription.error).toMatchObject({
    code: 'DISCONNECTED',
    delivery: 'not-sent',
    cause: served.client.status.error,
  });
  expect(ends).toEqual([]);
  await expect(subscription[Symbol.asyncIterator]().next()).rejects.toBe(subscription.error);
  await settled();
  expect(ends).toEqual([subscription.error]);
  subscription.close();
  expect(ends).toHaveLength(1);
});

it('reports a refusal nobody listens for, once', async () => {
  const report = vi.spyOn(console, 'error').mockImplementation(() => {});
  const served = await opened(serveClient(router));
  served.client.api.secret.subscribe();
  await settled();
  expect(report.mock.calls).toEqual([[expect.stringMatching(/secret.*'closed': FORBIDDEN/)]]);
  report.mockRestore();
});

it('reports no refusal that somebody listens for, and no end of this side', async () => {
  const report = vi.spyOn(console, 'error').mockImplementation(() => {});
  const served = await opened(serveClient(router));
  const heard = endsOf(served.client.api.secret.subscribe());
  await settled();
  const read = served.client.api.secret.subscribe()[Symbol.asyncIterator]().next();
  await expect(read).rejects.toMatchObject({ code: 'FORBIDDEN' });
  served.client.api.news.subscribe();
  await served.client.close();
  served.client.api.news.subscribe();
  await settled();
  expect(heard).toHaveLength(1);
  expect(report).not.toHaveBeenCalled();
  report.mockRestore();
});
