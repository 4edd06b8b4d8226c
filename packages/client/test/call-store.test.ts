import { typewire } from '@typewire/server';
import { settled } from '@typewire/testing';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { callStore } from '../src/index.ts';
import { opened, serveClient } from './served-client.ts';

const t = typewire();
const gates = new Map<string, () => void>();
const router = t.router({
  send: t
    .input(z.string())
    .errors({ TOO_LONG: z.object({ limit: z.number() }) })
    .mutation(async ({ input, fail, signal }) => {
      if (input.length > 5) throw fail('TOO_LONG', { limit: 5 });
      await new Promise<void>((resolve) => {
        gates.set(input, resolve);
        signal.addEventListener('abort', () => resolve());
      });
      return input.toUpperCase();
    }),
});

async function serve() {
  const { client } = await opened(serveClient(router));
  return client.api.send.mutate;
}

async function finish(input: string): Promise<void> {
  gates.get(input)?.();
  await settled();
}

it('shows a call from the moment it is made until what became of it', async () => {
  const send = await serve();
  const store = callStore<string, { TOO_LONG: { limit: number } }>();
  const seen: string[] = [];
  store.subscribe(() => seen.push(store.snapshot().status));
  expect(store.snapshot()).toEqual({ status: 'idle', data: undefined, error: null });

  const sent = store.run(send, 'hi');
  await settled();
  await finish('hi');
  expect(await sent).toEqual({ ok: true, value: 'HI' });
  expect(store.snapshot()).toEqual({ status: 'success', data: 'HI', error: null });

  const failed = await store.run(send, 'much too long');
  expect(failed).toMatchObject({ ok: false, error: { code: 'TOO_LONG', data: { limit: 5 } } });
  expect(store.snapshot()).toMatchObject({ status: 'error', data: undefined, error: { code: 'TOO_LONG' } });
  store.reset();
  expect(seen).toEqual(['pending', 'success', 'pending', 'error', 'idle']);
});

it('shows the last of several calls, in whatever order they are answered', async () => {
  const send = await serve();
  const store = callStore<string, { TOO_LONG: { limit: number } }>();
  const first = store.run(send, 'one');
  const second = store.run(send, 'two');
  await settled();
  await finish('two');
  await finish('one');
  expect([await first, await second]).toEqual([
    { ok: true, value: 'ONE' },
    { ok: true, value: 'TWO' },
  ]);
  expect(store.snapshot()).toMatchObject({ status: 'success', data: 'TWO' });
});

it('does not show a call that was reset', async () => {
  const send = await serve();
  const store = callStore<string, { TOO_LONG: { limit: number } }>();
  const sent = store.run(send, 'hi');
  await settled();
  store.reset();
  await finish('hi');
  expect(await sent).toEqual({ ok: true, value: 'HI' });
  expect(store.snapshot().status).toBe('idle');
});

it('aborts the call before, or that of a view which has gone, where it was asked to', async () => {
  const send = await serve();
  const store = callStore<string, { TOO_LONG: { limit: number } }>({
    whenRepeated: 'abort',
    whenUnmounted: 'abort',
  });
  const leave = store.subscribe(() => {});
  const first = store.run(send, 'one');
  const second = store.run(send, 'two');
  expect(await first).toMatchObject({ ok: false, error: { code: 'ABORTED' } });
  expect(store.snapshot().status).toBe('pending');
  leave();
  expect(await second).toMatchObject({ ok: false, error: { code: 'ABORTED' } });
});

it('leaves a signal of the caller its effect', async () => {
  const send = await serve();
  const store = callStore<string, { TOO_LONG: { limit: number } }>({ whenUnmounted: 'abort' });
  const own = new AbortController();
  const sent = store.run(send, 'one', { signal: own.signal });
  await settled();
  own.abort();
  expect(await sent).toMatchObject({ ok: false, error: { code: 'ABORTED' } });
});

it('rejects with what is a bug of the program, and is idle again', async () => {
  const store = callStore<string>();
  const bug = async (): Promise<string> => {
    throw new TypeError('a bug');
  };
  await expect(store.run(bug)).rejects.toThrow('a bug');
  expect(store.snapshot().status).toBe('idle');
});
