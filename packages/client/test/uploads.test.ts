import { safe } from '@typewire/core';
import { typewire } from '@typewire/server';
import { settled } from '@typewire/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { preload } from '../src/index.ts';
import { opened, serveClient } from './served-client.ts';

beforeAll(preload);

const t = typewire();

const router = t.router({
  join: t.upload(z.string()).mutation(async ({ incoming }) => {
    let text = '';
    for await (const part of incoming) text += part;
    return text;
  }),
  first: t.upload(z.number()).mutation(async ({ incoming }) => {
    for await (const number of incoming) return number;
    return null;
  }),
  last: t.upload(z.number()).mutation(async ({ incoming }) => {
    let last: number | null = null;
    for await (const number of incoming) last = number;
    return last;
  }),
  shout: t
    .input(z.string())
    .upload(z.string())
    .stream(async function* ({ input, incoming }) {
      for await (const part of incoming) yield `${part.toUpperCase()}${input}`;
    }),
});

/** Numbers from 0 on; notes how many were taken and that it was left. */
function counting(until = Number.POSITIVE_INFINITY) {
  const state = { taken: 0, left: false };
  const source = (async function* () {
    try {
      while (state.taken < until) yield state.taken++;
    } finally {
      state.left = true;
    }
  })();
  return { state, source };
}

describe('an upload', () => {
  it('sends every chunk in order and resolves with the one answer', async () => {
    const { client } = serveClient(router);
    const parts = Array.from({ length: 100 }, (_, index) => `${index},`);
    expect(await client.api.join.mutate(undefined, { upload: parts })).toBe(parts.join(''));
  });

  it('takes a ReadableStream as it is', async () => {
    const { client } = serveClient(router);
    const upload = new ReadableStream<string>({
      start(controller) {
        for (const part of ['a', 'b']) controller.enqueue(part);
        controller.close();
      },
    });
    expect(await client.api.join.mutate(undefined, { upload })).toBe('ab');
  });

  it('leaves its source when the handler wants no more, and takes no more of it than was granted', async () => {
    const { client } = serveClient(router);
    const { state, source } = counting();

    expect(await client.api.first.mutate(undefined, { upload: source })).toBe(0);
    await settled();

    expect(state.left).toBe(true);
    expect(state.taken).toBeLessThanOrEqual(16);
  });

  it('takes nothing from its source before there is a connection', async () => {
    const { client, network } = await opened(serveClient(router));
    network.cut();
    network.reachable = false;
    const { state, source } = counting(3);
    const call = safe(client.api.first.mutate(undefined, { upload: source }));
    await settled();
    expect(state.taken).toBe(0);
    await client.close();
    expect(await call).toMatchObject({ ok: false, error: { code: 'DISCONNECTED' } });
  });

  it('fails with ABORTED when its source throws, with the exception as the cause', async () => {
    const { client, errors } = serveClient(router);
    const broken = new Error('the disk was removed');
    const upload = (async function* () {
      yield 'a';
      throw broken;
    })();

    const result = await safe(client.api.join.mutate(undefined, { upload }));

    expect(result).toMatchObject({ ok: false, error: { code: 'ABORTED', cause: broken } });
    expect(errors).toEqual([]);
  });

  it('fails when a chunk cannot travel', async () => {
    const { client } = serveClient(router);
    const upload = [Symbol('x') as unknown as string];
    const result = await safe(client.api.join.mutate(undefined, { upload }));
    expect(result).toMatchObject({ ok: false, error: { code: 'ABORTED', cause: { code: 'UNSERIALIZABLE' } } });
  });

  it('that is given up leaves its source and stops its handler', async () => {
    const { client } = await opened(serveClient(router));
    const { state, source } = counting();
    const abort = new AbortController();
    const call = safe(client.api.first.mutate(undefined, { upload: source, signal: abort.signal }));
    abort.abort();
    expect(await call).toMatchObject({ ok: false, error: { code: 'ABORTED' } });
    await settled();
    expect(state).toEqual({ taken: 0, left: false });
  });

  it('goes on over the next connection when one is lost', async () => {
    const { client, network, environment } = await opened(serveClient(router));
    let more = (): void => {};
    const upload = (async function* () {
      yield 'a';
      await new Promise<void>((resolve) => {
        more = resolve;
      });
      yield 'b';
    })();
    const call = client.api.join.mutate(undefined, { upload });
    await settled();
    network.cut();
    more();
    await environment.clock.advanceAsync(1_000);
    await settled();
    expect(await call).toBe('ab');
  });
});

it('goes on with an upload as soon as the connection has drained', async () => {
  const { client, network, environment } = await opened(serveClient(router));
  const transport = network.pairs[0]?.left;
  if (transport === undefined) throw new Error('there is no connection');
  let taken = 0;
  const source = (async function* () {
    while (taken < 4) yield `${taken++}`;
  })();
  transport.congestion = 1_000_000;
  const call = client.api.join.mutate(undefined, { upload: source });
  await settled();
  expect(taken).toBe(0);
  transport.congestion = 0;

  expect(await call).toBe('0123');
  expect(environment.clock.now()).toBe(1_000);
});

describe.each([
  ['is cancelled', (abort: AbortController) => abort.abort()],
  ['has its answer', () => {}],
])('an upload that %s while its next chunk is awaited', (how, end) => {
  it('leaves its source at once', async () => {
    const { client } = await opened(serveClient(router));
    const state = { asked: 0, left: 0 };
    const source: AsyncIterable<number> = {
      [Symbol.asyncIterator]: () => ({
        next: () => (++state.asked === 1 ? Promise.resolve({ value: 7, done: false }) : new Promise(() => {})),
        return: () => {
          state.left++;
          return Promise.resolve({ value: undefined, done: true as const });
        },
      }),
    };
    const abort = new AbortController();
    const procedure = how === 'is cancelled' ? client.api.last : client.api.first;
    const call = safe(procedure.mutate(undefined, { upload: source, signal: abort.signal }));
    await settled();
    end(abort);
    await settled();

    expect(state).toEqual({ asked: 2, left: 1 });
    expect(await call).toMatchObject(how === 'is cancelled' ? { error: { code: 'ABORTED' } } : { value: 7 });
  });
});

describe('a stream both ways', () => {
  it('reads items while it sends chunks', async () => {
    const { client } = serveClient(router);
    let say = (_part: string): void => {};
    const upload = new ReadableStream<string>({
      start(controller) {
        say = (part) => (part === '' ? controller.close() : controller.enqueue(part));
      },
    });
    const stream = client.api.shout.stream('!', { upload });

    say('hi');
    expect(await stream.next()).toEqual({ value: 'HI!', done: false });
    say('you');
    expect(await stream.next()).toEqual({ value: 'YOU!', done: false });
    say('');
    expect(await stream.next()).toEqual({ value: undefined, done: true });
  });

  it('is not repeated on a new session, whatever it was given to go on from', async () => {
    const { client, wire, environment } = await opened(serveClient(router));
    const { state, source } = counting();
    const upload = (async function* () {
      for await (const _number of source) yield 'a';
    })();
    const options = { upload, lastEventId: '7' };
    const stream = client.api.shout.stream('!', options);
    expect(await stream.next()).toEqual({ value: 'A!', done: false });
    const [caller] = wire.callers();
    wire.disconnect({ session: caller?.session ?? '' }, { code: 4100 });
    await environment.clock.advanceAsync(2_000);

    const rest = async (): Promise<void> => {
      for await (const _item of stream) await settled();
    };
    await expect(rest()).rejects.toMatchObject({ code: 'DISCONNECTED', delivery: 'unknown' });
    expect(client.status.state).toBe('open');
    expect(state.left).toBe(true);
  });

  it('leaves its source when its reader leaves', async () => {
    const { client } = serveClient(t.router({ echo: t.upload(z.number()).stream(({ incoming }) => incoming) }));
    const { state, source } = counting();
    for await (const item of client.api.echo.stream(undefined, { upload: source })) if (item === 20) break;
    await settled();
    expect(state.left).toBe(true);
  });
});
