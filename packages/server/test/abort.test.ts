import { settled } from '@typewire/testing';
import { expect, it } from 'vitest';
import { createWire, typewire } from '../src/index.ts';
import { openClient, served } from './raw-client.ts';

const t = typewire();

/** A procedure that waits until its signal fires, and what it was told then. */
function waiting() {
  const reasons: string[] = [];
  const wait = t.query(
    ({ signal }) =>
      new Promise<never>((_, reject) => {
        signal.addEventListener('abort', () => {
          reasons.push(String(signal.reason));
          reject(signal.reason);
        });
      }),
  );
  return { reasons, router: t.router({ wait }) };
}

it('fires the signal of a cancelled call, and answers nothing', async () => {
  const { settings, errors } = served();
  const { reasons, router } = waiting();
  const client = await openClient(createWire({ router, ...settings }));

  await client.send([16, 1, 'wait', 0]);
  await client.send([19, 1]);

  expect(reasons).toHaveLength(1);
  expect(reasons[0]).toContain('cancelled');
  expect(client.take()).toEqual([]);
  expect(errors).toEqual([]);
});

it('fires the signal when the deadline passes, and answers TIMEOUT', async () => {
  const { settings, environment } = served();
  const { reasons, router } = waiting();
  const client = await openClient(createWire({ router, ...settings }));

  await client.send([16, 1, 'wait', 1_500]);
  await environment.clock.advanceAsync(1_000);
  expect(reasons).toEqual([]);
  await environment.clock.advanceAsync(1_000);

  expect(reasons[0]).toContain('deadline');
  expect(client.take().map((message) => message.slice(0, 3))).toEqual([[18, 1, 'TIMEOUT']]);
});

it('fires the signals of a session that is lost', async () => {
  const { settings, errors, environment } = served();
  const { reasons, router } = waiting();
  const client = await openClient(createWire({ router, ...settings }));

  await client.send([16, 1, 'wait', 0]);
  client.pair.cut();
  await settled();
  expect(reasons).toEqual([]);
  await environment.clock.advanceAsync(121_000);

  expect(reasons[0]).toContain('lost');
  expect(errors).toEqual([]);
});

it('gives a signal that has fired already to a handler which looks late', async () => {
  const { settings } = served();
  let resume: () => void = () => {};
  const states: boolean[] = [];
  const late = t.query(async (args) => {
    await new Promise<void>((resolve) => {
      resume = resolve;
    });
    states.push(args.signal.aborted);
  });
  const client = await openClient(createWire({ router: t.router({ late }), ...settings }));

  await client.send([16, 1, 'late', 0]);
  await client.send([19, 1]);
  resume();
  await settled();

  expect(states).toEqual([true]);
});

it('ignores the cancel of a call that is over or never was', async () => {
  const { settings } = served();
  const client = await openClient(createWire({ router: t.router({ one: t.query(() => 1) }), ...settings }));

  await client.send([16, 1, 'one', 0]);
  await client.send([19, 1]);
  await client.send([19, 77]);

  expect(client.take()).toEqual([[17, 1, 1]]);
  expect(client.closed).toBeNull();
});
