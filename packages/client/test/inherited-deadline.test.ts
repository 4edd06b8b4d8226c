import { carryDeadline } from '@typewire/core/internal';
import { createWire, typewire } from '@typewire/server';
import { type FakeEnvironment, fakeEnvironment, memoryNetwork, settled } from '@typewire/testing';
import { expect, it } from 'vitest';
import { createClient, safe } from '../src/index.ts';

const t = typewire();

/** The far service: says how long its callers would wait, or waits with them. */
function far() {
  const state = { aborted: 0, runs: 0 };
  const router = t.router({
    left: t.query(({ remainingMs }) => remainingMs()),
    hang: t.query(({ signal }) => {
      state.runs++;
      return new Promise<never>((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          state.aborted++;
          reject(signal.reason);
        });
      });
    }),
    ticks: t.stream(async function* ({ remainingMs }) {
      yield remainingMs();
    }),
  });
  return { state, router };
}

function connectTo<Router>(wire: ReturnType<typeof createWire>, environment: FakeEnvironment) {
  const request = { url: '/', headers: new Map(), remoteAddress: null };
  const network = memoryNetwork((transport) => wire.accept(transport, request));
  return createClient<Router>({ url: 'memory:', connect: network.connect, environment });
}

/** A service near the caller whose handlers call the far one. */
async function services() {
  const environment = fakeEnvironment();
  const errors: unknown[] = [];
  const { state, router: farRouter } = far();
  const inner = connectTo<typeof farRouter>(createWire({ router: farRouter, environment }), environment);
  const near = t.router({
    plain: t.query(({ signal }) => inner.api.left.query(undefined, { signal })),
    shorter: t.query(({ signal }) => inner.api.left.query(undefined, { signal, timeoutMs: 200 })),
    later: t.query(async ({ signal }) => {
      await new Promise<void>((resolve) => void environment.setTimer(600, resolve));
      return inner.api.left.query(undefined, { signal });
    }),
    derived: t.query(({ signal, remainingMs }) =>
      inner.api.left.query(undefined, { signal: AbortSignal.any([signal]), timeoutMs: remainingMs() }),
    ),
    stream: t.query(async ({ signal }) => {
      for await (const left of inner.api.ticks.stream(undefined, { signal })) return left;
      return null;
    }),
    hang: t.query(({ signal }) => inner.api.hang.query(undefined, { signal })),
  });
  const outer = connectTo<typeof near>(
    createWire({ router: near, environment, onError: (event) => errors.push(event) }),
    environment,
  );
  await settled();
  return { environment, inner, outer, state, errors };
}

it.each(['plain', 'derived', 'stream'] as const)(
  'brings what is left along to calls made inside the handler: %s',
  async (path) => {
    const { outer } = await services();

    expect(await outer.api[path].query(undefined, { timeoutMs: 1_000 })).toBe(1_000);
  },
);

it('counts what the handler has used of it', async () => {
  const { outer, environment } = await services();
  const call = outer.api.later.query(undefined, { timeoutMs: 1_000 });
  await environment.clock.advanceAsync(700);

  expect(await call).toBe(400);
});

it('gives way to a shorter time of the call itself', async () => {
  const { outer } = await services();

  expect(await outer.api.shorter.query(undefined, { timeoutMs: 1_000 })).toBe(200);
});

it('leaves the time of the call itself alone when the outer one has no deadline', async () => {
  const { outer } = await services();
  const forever = { timeoutMs: Number.POSITIVE_INFINITY };

  expect(await outer.api.plain.query(undefined, forever)).toBe(30_000);
  expect(await outer.api.shorter.query(undefined, forever)).toBe(200);
  expect(await outer.api.stream.query(undefined, forever)).toBe(Number.POSITIVE_INFINITY);
});

it('stops the far handler when the time of the outer call has passed', async () => {
  const { outer, environment, state, errors } = await services();
  const call = safe(outer.api.hang.query(undefined, { timeoutMs: 1_000 }));
  await environment.clock.advanceAsync(2_000);

  expect(await call).toMatchObject({ ok: false, error: { code: 'TIMEOUT' } });
  expect(state).toEqual({ runs: 1, aborted: 1 });
  expect(errors).toEqual([]);
});

it('sends nothing when the time has passed before the signal has fired', async () => {
  const { inner, state } = await services();
  const { signal } = new AbortController();
  carryDeadline(signal, () => 0);

  const result = await safe(inner.api.hang.query(undefined, { signal }));
  expect(result).toMatchObject({ ok: false, error: { code: 'TIMEOUT', delivery: 'not-sent' } });
  expect(state.runs).toBe(0);
});
