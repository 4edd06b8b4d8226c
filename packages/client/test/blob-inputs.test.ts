import { typewire } from '@typewire/server';
import { settled } from '@typewire/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { preload, safe } from '../src/index.ts';
import { opened, type ServedClient, serveClient } from './served-client.ts';

beforeAll(preload);

const t = typewire();
const frames = t.channel({ event: z.unknown(), subscribe: () => true, publish: () => true });
const ran: string[] = [];
const router = t.router({
  frames,
  echo: t.input(z.unknown()).query(({ input }) => input),
  save: t.input(z.unknown()).mutation(() => void ran.push('save')),
  send: t
    .input(z.unknown())
    .upload(z.string())
    .mutation(() => void ran.push('send')),
  follow: t.input(z.unknown()).stream(async function* () {
    ran.push('follow');
    yield 1;
  }),
});

/** A Blob whose contents come when they are let, as those of a file on a slow disk do. */
function slowBlob() {
  const blob = new Blob(['late']);
  const read = blob.arrayBuffer.bind(blob);
  let arrive = (): void => {};
  const gate = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  let fail = (_error: Error): void => {};
  const failed = new Promise<never>((_, reject) => {
    fail = reject;
  });
  blob.arrayBuffer = () => Promise.race([gate.then(read), failed]);
  return { blob, arrive: () => arrive(), fail: (error: Error) => fail(error) };
}

/** Messages that bring bytes, as those with a Blob do. */
const sentBy = ({ network }: Pick<ServedClient<unknown>, 'network'>): number =>
  network.pairs.reduce((count, { left }) => count + left.sentBinary.length, 0);

interface CallOptions {
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

type Api = Awaited<ReturnType<typeof open>>['client']['api'];

const open = (options = {}) => opened(serveClient(router, options));

const kinds: ReadonlyArray<readonly [string, (api: Api, blob: Blob, options: CallOptions) => Promise<unknown>]> = [
  ['query', (api, blob, options) => api.echo.query(blob, options)],
  ['mutation', (api, blob, options) => api.save.mutate(blob, options)],
  ['stream', (api, blob, options) => api.follow.stream(blob, options).next()],
  ['upload', (api, blob, options) => api.send.mutate(blob, { ...options, upload: ['a'] })],
  ['publication', (api, blob, options) => api.frames.publish(undefined, blob, options)],
];

describe.each(kinds)('a %s whose Blob is still being read', (_kind, start) => {
  it('times out, unsent, and is not sent later', async () => {
    const served = await open();
    const { blob, arrive } = slowBlob();
    const before = sentBy(served);
    const call = safe(start(served.client.api, blob, { timeoutMs: 1_000 }) as never);

    await served.environment.clock.advanceAsync(1_000);
    expect(await call).toMatchObject({ error: { code: 'TIMEOUT', delivery: 'not-sent' } });

    ran.length = 0;
    arrive();
    await settled();
    expect(sentBy(served)).toBe(before);
    expect(ran).toEqual([]);
  });

  it('is given up by its signal, unsent, and is not sent later', async () => {
    const served = await open();
    const { blob, arrive } = slowBlob();
    const before = sentBy(served);
    const abort = new AbortController();
    const call = safe(start(served.client.api, blob, { signal: abort.signal }) as never);

    await settled();
    abort.abort('enough');
    expect(await call).toMatchObject({ error: { code: 'ABORTED', delivery: 'not-sent', cause: 'enough' } });

    ran.length = 0;
    arrive();
    await settled();
    expect(sentBy(served)).toBe(before);
    expect(ran).toEqual([]);
  });

  it('fails with the client that is closed', async () => {
    const { client } = await open();
    const { blob } = slowBlob();
    const call = safe(start(client.api, blob, {}) as never);
    await client.close();
    expect(await call).toMatchObject({ error: { code: 'DISCONNECTED', delivery: 'not-sent' } });
  });

  it('fails when the Blob cannot be read', async () => {
    const { client } = await open();
    const { blob, fail } = slowBlob();
    const call = safe(start(client.api, blob, {}) as never);
    const cause = new Error('the disk was removed');
    fail(cause);
    expect(await call).toMatchObject({ error: { code: 'UNREADABLE', delivery: 'not-sent', cause: { cause } } });
  });

  it('outlives a connection and a session, and is sent once when it has been read', async () => {
    const served = await open({ retryDelayMs: () => 1 });
    const { blob, arrive } = slowBlob();
    const call = safe(start(served.client.api, blob, {}) as never);
    served.restart();
    await settled();
    await served.environment.clock.advanceAsync(1_000);
    arrive();
    expect(await call).toMatchObject({ ok: true });
  });
});

it('counts against nothing when it was given up while its Blob was read', async () => {
  const served = await open({ maxQueueBytes: 20 });
  served.network.cut();
  served.network.reachable = false;
  for (let round = 0; round < 10; round++) {
    const { blob, arrive } = slowBlob();
    const call = safe(served.client.api.echo.query(blob, { timeoutMs: 10 }));
    await served.environment.clock.advanceAsync(10);
    expect(await call).toMatchObject({ error: { code: 'TIMEOUT' } });
    arrive();
    await settled();
  }

  const waits = safe(served.client.api.echo.query(1));
  await served.client.close();

  expect(await waits).toMatchObject({ error: { code: 'DISCONNECTED' } });
});

it('leaves a stream whose Blob is still being read at once', async () => {
  const served = await open();
  const { blob, arrive } = slowBlob();
  const before = sentBy(served);
  const stream = served.client.api.follow.stream(blob);
  const first = stream.next();
  await settled();

  expect(await stream.return()).toEqual({ value: undefined, done: true });
  expect(await first).toEqual({ value: undefined, done: true });

  arrive();
  await settled();
  expect(sentBy(served)).toBe(before);
});
