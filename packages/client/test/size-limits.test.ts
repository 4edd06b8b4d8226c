import { typewire } from '@typewire/server';
import { settled } from '@typewire/testing';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { safe } from '../src/index.ts';
import { opened, serveClient } from './served-client.ts';

const t = typewire();
const size = t.input(z.string()).mutation(({ input }) => input.length);
const news = t.channel({ event: z.string(), subscribe: () => true, publish: () => true });
const total = t.upload(z.union([z.string(), z.instanceof(Uint8Array)])).mutation(async ({ incoming }) => {
  let sum = 0;
  for await (const chunk of incoming) sum += chunk.length;
  return sum;
});
const router = t.router({ size, news, total });
const small = { limits: { maxMessageBytes: 1_000 } };

it('fails a call above what the server takes before anything is sent, and nothing else', async () => {
  const served = await opened(serveClient(router, {}, small));
  const before = served.network.pairs[0]?.left.sent.length;
  const large = await safe(served.client.api.size.mutate('ä'.repeat(500)));
  expect(large).toMatchObject({ error: { code: 'LIMIT_EXCEEDED', delivery: 'not-sent' } });
  expect(large.ok === false && large.error.message).toContain('limits.maxMessageBytes');
  expect(served.network.pairs[0]?.left.sent.length).toBe(before);
  expect(await served.client.api.size.mutate('ä'.repeat(400))).toBe(400);
});

it('fails one that waited for the connection, and a publication', async () => {
  const served = serveClient(router, {}, small);
  const waiting = await safe(served.client.api.size.mutate('x'.repeat(1_000)));
  expect(waiting).toMatchObject({ error: { code: 'LIMIT_EXCEEDED', delivery: 'not-sent' } });
  const published = await safe(served.client.api.news.publish(undefined, 'x'.repeat(1_000)));
  expect(published).toMatchObject({ error: { code: 'LIMIT_EXCEEDED', delivery: 'not-sent' } });
  expect(served.client.status.state).toBe('open');
});

it.each([
  ['text', 'ä'.repeat(500)],
  ['bytes', new Uint8Array(1_000)],
])('breaks an upload off at a chunk of %s above what the server takes, and nothing else', async (_kind, chunk) => {
  const served = await opened(serveClient(router, {}, small));
  const failed = await safe(served.client.api.total.mutate(undefined, { upload: ['x', chunk] }));
  expect(failed).toMatchObject({ error: { code: 'ABORTED', cause: { code: 'LIMIT_EXCEEDED' } } });
  expect(failed.ok === false && String(failed.error.cause)).toContain('limits.maxMessageBytes');
  const { sent = [], sentBinary = [] } = served.network.pairs[0]?.left ?? {};
  for (const { length } of [...sent, ...sentBinary]) expect(length).toBeLessThanOrEqual(1_000);
  expect(await served.client.api.total.mutate(undefined, { upload: ['x', 'yz'] })).toBe(3);
});

it('makes no batch that is larger than the server takes, after a lost connection neither', async () => {
  const served = await opened(serveClient(router, {}, small));
  const sizes = Promise.all([1, 2, 3].map(() => served.client.api.size.mutate('x'.repeat(400))));
  expect(await sizes).toEqual([400, 400, 400]);

  served.network.pairs[0]?.hold();
  const repeated = Promise.all([1, 2, 3].map(() => served.client.api.size.mutate('x'.repeat(400))));
  await settled();
  served.network.cut();
  await served.environment.clock.advanceAsync(1_000);
  expect(await repeated).toEqual([400, 400, 400]);
  expect(served.client.status.session).toBe('resumed');
  for (const { left } of served.network.pairs)
    for (const text of left.sent) expect(text.length).toBeLessThanOrEqual(1_000);
});

it('sends no credentials above what the server has said it takes', async () => {
  let token = 'short';
  const served = await opened(serveClient(router, { auth: () => token }, small));
  token = 'x'.repeat(1_000);
  served.network.cut();
  await served.environment.clock.advanceAsync(1_000);
  expect(served.client.status).toMatchObject({ state: 'closed', error: { code: 'BAD_OPTION' } });
  expect(served.client.status.error?.message).toContain('limits.maxMessageBytes');
  expect(served.network.pairs[1]?.left.sent ?? []).toEqual([]);
});

it('says what a close code means when the server gave no reason', async () => {
  const served = await opened(serveClient(router));
  served.network.pairs[0]?.right.close(1009, '');
  await settled();
  expect(served.client.status).toMatchObject({ state: 'closed', error: { code: 'REFUSED', closeCode: 1009 } });
  expect(served.client.status.error?.message).toContain('limits.maxMessageBytes');
});
