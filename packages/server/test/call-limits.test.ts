import { contract } from '@typewire/core';
import { settled } from '@typewire/testing';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { type CallEvent, createWire, implement, typewire } from '../src/index.ts';
import { openClient, served } from './raw-client.ts';

const t = typewire();

/** Handlers that wait until the test lets the oldest go. */
function waiting() {
  const running: Array<() => void> = [];
  const handler = (): Promise<number> => new Promise((resolve) => running.push(() => resolve(1)));
  const release = async (): Promise<void> => {
    running.shift()?.();
    await settled();
  };
  return { running, handler, release };
}

it('refuses more calls of a procedure than run at once in the process, and names the option', async () => {
  const { settings } = served();
  const { running, handler, release } = waiting();
  const router = t.router({ report: t.limits({ maxInFlight: 2 }).query(handler), free: t.query(() => 1) });
  const wire = createWire({ router, ...settings });
  const [ann, bob] = [await openClient(wire), await openClient(wire)];

  await ann.send([16, 1, 'report', 0]);
  await bob.send([16, 1, 'report', 0]);
  await bob.send([16, 2, 'report', 0]);
  await bob.send([16, 3, 'free', 0]);

  const [refused, free] = bob.take();
  expect(refused?.slice(0, 3)).toEqual([18, 2, 'LIMIT_EXCEEDED']);
  expect(refused?.[3]).toContain('maxInFlight in its limits()');
  expect(free).toEqual([17, 3, 1]);
  await release();
  await bob.send([16, 4, 'report', 0]);
  expect(running).toHaveLength(2);
});

it('refuses more calls of a procedure than run at once for one session', async () => {
  const { settings } = served();
  const { running, handler, release } = waiting();
  const router = t.router({ report: t.limits({ maxInFlightPerSession: 1 }).mutation(handler) });
  const wire = createWire({ router, ...settings });
  const [ann, bob] = [await openClient(wire), await openClient(wire)];

  await ann.send([24, 1, 'report', 0, null]);
  await ann.send([24, 2, 'report', 0, null]);
  await bob.send([24, 1, 'report', 0, null]);

  expect(ann.take()[0]?.slice(0, 3)).toEqual([18, 2, 'LIMIT_EXCEEDED']);
  expect(running).toHaveLength(2);
  await release();
  await ann.send([24, 3, 'report', 0, null]);
  expect(running).toHaveLength(2);
});

it('counts a cancelled call until its handler has stopped', async () => {
  const { settings } = served();
  const { handler, release } = waiting();
  const router = t.router({ report: t.limits({ maxInFlight: 1 }).query(handler) });
  const client = await openClient(createWire({ router, ...settings }));

  await client.send([16, 1, 'report', 0]);
  await client.send([19, 1]);
  await client.send([16, 2, 'report', 0]);
  expect(client.take()[0]?.slice(0, 3)).toEqual([18, 2, 'LIMIT_EXCEEDED']);

  await release();
  await client.send([16, 3, 'report', 0]);
  await release();
  expect(client.take()).toEqual([[17, 3, 1]]);
});

it('counts streams until they end', async () => {
  const { settings } = served();
  const ticks = t.limits({ maxInFlight: 1 }).stream(async function* () {
    yield 1;
    yield 2;
  });
  const client = await openClient(createWire({ router: t.router({ ticks }), ...settings }));

  await client.send([20, 1, 'ticks', 0, 1, null]);
  await client.send([20, 2, 'ticks', 0, 8, null]);
  expect(client.take().map((message) => message.slice(0, 3))).toEqual([
    [21, 1, 1],
    [18, 2, 'LIMIT_EXCEEDED'],
  ]);

  await client.send([23, 1, 8]);
  await client.send([20, 3, 'ticks', 0, 8, null]);
  expect(client.take().filter(([, id]) => id === 3)).toHaveLength(3);
});

it.each([
  ['of a caller that sets none', 0],
  ['of a caller that would wait longer', 60_000],
])('cuts the time %s to timeoutMs, and says so at once', async (_name, givenMs) => {
  const { settings, environment } = served();
  const reasons: unknown[] = [];
  const hang = t.limits({ timeoutMs: 2_000 }).query(({ signal }) => {
    signal.addEventListener('abort', () => reasons.push(String(signal.reason)));
    return new Promise<never>(() => {});
  });
  const client = await openClient(createWire({ router: t.router({ hang }), ...settings }));

  await client.send([16, 1, 'hang', givenMs]);
  await environment.clock.advanceAsync(1_900);
  expect(client.take()).toEqual([]);
  await environment.clock.advanceAsync(700);

  expect(client.take().map((message) => message.slice(0, 3))).toEqual([[18, 1, 'TIMEOUT']]);
  expect(reasons).toHaveLength(1);
});

it('answers a call that its limit cut short once, however its handler stops', async () => {
  const { settings, environment } = served();
  const { handler, release } = waiting();
  const router = t.router({ hang: t.limits({ timeoutMs: 1_000 }).query(handler) });
  const client = await openClient(createWire({ router, ...settings }));

  await client.send([16, 1, 'hang', 0]);
  await environment.clock.advanceAsync(1_500);
  await release();

  expect(client.take()).toHaveLength(1);
});

it('leaves a shorter time of the caller alone', async () => {
  const { settings, environment } = served();
  const hang = t.limits({ timeoutMs: 60_000 }).query(() => new Promise<never>(() => {}));
  const client = await openClient(createWire({ router: t.router({ hang }), ...settings }));
  await client.send([16, 1, 'hang', 1_000]);
  await environment.clock.advanceAsync(1_500);
  expect(client.take()[0]?.[2]).toBe('TIMEOUT');
});

it('goes with the handlers of a contract', async () => {
  const { settings } = served();
  const { handler } = waiting();
  const chat = contract.router({ send: contract.input(z.string()).output(z.number()).mutation() });
  const router = implement(chat, { send: t.limits({ maxInFlight: 1 }).handler(handler) });
  const client = await openClient(createWire({ router, ...settings }));
  await client.send([24, 1, 'send', 0, null, 'a']);
  await client.send([24, 2, 'send', 0, null, 'b']);
  expect(client.take()[0]?.slice(0, 3)).toEqual([18, 2, 'LIMIT_EXCEEDED']);
});

it('keeps each limit apart, the later of a name winning', async () => {
  const { settings } = served();
  const { running, handler } = waiting();
  const base = t.limits({ maxInFlight: 1, timeoutMs: 5_000 });
  const router = t.router({ one: base.query(handler), two: base.limits({ maxInFlight: 2 }).query(handler) });
  const client = await openClient(createWire({ router, ...settings }));
  for (const [id, path] of ['one', 'two', 'two', 'one', 'two'].entries()) await client.send([16, id + 1, path, 0]);
  expect(running).toHaveLength(3);
  expect(client.take().map((message) => message[1])).toEqual([4, 5]);
});

it.each([0, -1, Number.NaN, '3'])('refuses a limit of %j', (maxInFlight) => {
  const wrong = { maxInFlight: maxInFlight as number };
  expect(() => t.limits(wrong)).toThrow(expect.objectContaining({ name: 'UsageError', code: 'BAD_OPTION' }));
});

it('refuses a limit it does not know', () => {
  expect(() => t.limits({ maxInflight: 1 } as object)).toThrow('maxInflight');
});

it('tells the hook of a call that was refused', async () => {
  const { settings } = served();
  const events: CallEvent[] = [];
  const router = t.router({ report: t.limits({ maxInFlight: 1 }).query(waiting().handler) });
  const client = await openClient(createWire({ router, ...settings, onCall: (event) => events.push(event) }));
  await client.send([16, 1, 'report', 0]);
  await client.send([16, 2, 'report', 0]);
  expect(events.map(({ code }) => code)).toEqual(['LIMIT_EXCEEDED']);
});
