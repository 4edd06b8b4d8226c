import { settled } from '@typewire/testing';
import { expect, it } from 'vitest';
import { type Authenticate, createWire, typewire } from '../src/index.ts';
import { RawClient, served } from './raw-client.ts';

const t = typewire<{ user: string }>();
const router = t.router({ who: t.query(({ ctx, caller }) => [ctx.user, caller.subject, caller.remoteAddress]) });

function serve(authenticate: Authenticate<{ user: string }>) {
  const context = served();
  const wire = createWire({ router, authenticate, ...context.settings });
  return { ...context, wire, client: new RawClient(wire) };
}

it('welcomes a client and gives handlers its context', async () => {
  const { client } = serve(({ auth }) => ({ context: { user: String(auth) }, subject: 'u1' }));

  await client.send([1, 1, { control: false }, 'ann']);
  expect(client.take()).toMatchObject([
    [2, expect.any(String), { heartbeatIntervalMs: 25_000, heartbeatTimeoutMs: 10_000 }],
  ]);
  await client.send([16, 1, 'who', 0]);

  expect(client.take()).toEqual([[17, 1, ['ann', 'u1', '127.0.0.1']]]);
});

it.each<[string, Authenticate<{ user: string }>, number]>([
  ['null', () => null, 4501],
  ['a rejected promise of fail(UNAUTHORIZED)', async ({ fail }) => Promise.reject(fail('UNAUTHORIZED')), 4501],
  [
    'fail(FORBIDDEN)',
    ({ fail }) => {
      throw fail('FORBIDDEN');
    },
    4503,
  ],
])('closes for good when authenticate gives %s', async (_name, authenticate, code) => {
  const { client, wire, errors } = serve(authenticate);
  await client.send([1, 1, { control: false }]);
  expect(client.closed?.code).toBe(code);
  expect(wire.connections).toBe(0);
  expect(errors).toEqual([]);
});

it('closes with 1011 when authenticate breaks, and tells the hook alone why', async () => {
  const { client, errors } = serve(() => {
    throw new Error('the database at hunter2 is down');
  });

  await client.send([1, 1, { control: false }]);

  expect(client.closed?.code).toBe(1011);
  expect(client.closed?.reason).not.toContain('hunter2');
  expect(client.closed?.reason).toContain(errors[0]?.id ?? 'an id');
});

it('runs nothing that is sent before the welcome', async () => {
  const { client, wire } = serve(() => new Promise(() => {}));

  await client.send([1, 1, { control: false }]);
  await client.send([16, 1, 'who', 0]);

  expect(client.closed?.code).toBe(4502);
  expect(wire.connections).toBe(0);
});

it('gives up on a client that never says hello', async () => {
  const { client, environment, wire } = serve(() => ({ context: { user: '' } }));

  await environment.clock.advanceAsync(9_000);
  expect(client.closed).toBeNull();
  await environment.clock.advanceAsync(2_000);

  expect(client.closed?.code).toBe(4002);
  expect(wire.connections).toBe(0);
  expect(environment.clock.pending).toBe(0);
});

it('gives up on an authenticate that never answers, and ignores its answer after that', async () => {
  let answer: (value: { context: { user: string } }) => void = () => {};
  const { client, environment, wire } = serve(
    () =>
      new Promise((resolve) => {
        answer = resolve;
      }),
  );

  await client.send([1, 1, { control: false }]);
  await environment.clock.advanceAsync(11_000);
  answer({ context: { user: 'late' } });
  await settled();

  expect(client.closed?.code).toBe(4002);
  expect(client.take()).toEqual([]);
  expect(wire.connections).toBe(0);
});

it('refuses an oversized hello with 1009, before parsing it', async () => {
  const { client } = serve(() => ({ context: { user: '' } }));
  await client.send([1, 1, { control: false }, 'x'.repeat(20_000)]);
  expect(client.closed?.code).toBe(1009);
});
