import { fakeEnvironment, memoryPair, settled } from '@typewire/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ClientLink } from '../../src/session/client-link.ts';
import { DeliveryLog } from '../../src/session/delivery-log.ts';
import { ServerLink } from '../../src/session/server-link.ts';
import type { Transport } from '../../src/transport.ts';
import {
  type AnyListener,
  createLink,
  type LinkOf,
  type Role,
  recordingListener,
  type Told,
  welcomeOptions,
} from '../support/test-link.ts';

let environment = fakeEnvironment();

interface End<Of extends Role = Role> {
  readonly session: LinkOf<Of>;
  readonly told: Told[];
}

/** A session with a driver as small as one can be: one timer, and a flush at the end of the tick. */
function drive<Of extends Role>(role: Of, transport: Transport, intervalMs: number): End<Of> {
  const told: Told[] = [];
  let cancelTimer = (): void => {};
  const listener: AnyListener = {
    ...recordingListener(told),
    hello: () => {
      if (session instanceof ServerLink) session.welcome('s1', welcomeOptions, new DeliveryLog(), listener, []);
    },
    welcome: () => {
      if (session instanceof ClientLink) session.carry(new DeliveryLog(), []);
    },
    pending: () => environment.defer(() => session.flush()),
    closed(event) {
      told.push(['closed', event]);
      cancelTimer();
    },
  };
  const session: LinkOf<Of> = createLink(role, environment, transport, listener, intervalMs);
  const arm = (): void => {
    if (session.isClosed) return;
    cancelTimer = environment.setTimer(session.deadline - environment.now(), () => {
      session.tick(environment.now());
      arm();
    });
  };
  arm();
  return { session, told };
}

function wire(): { client: End<'client'>; server: End<'server'>; pair: ReturnType<typeof memoryPair> } {
  const pair = memoryPair();
  const client = drive('client', pair.left, 35_000);
  const server = drive('server', pair.right, 25_000);
  const listen = (end: End): Parameters<typeof pair.left.listen>[0] => ({
    message: (data) => end.session.receive(data),
    heard: (frame) => end.session.heard(frame),
    closed: (event) => end.session.transportClosed(event),
  });
  pair.left.listen(listen(client));
  pair.right.listen(listen(server));
  client.session.hello({ control: false }, '');
  return { client, server, pair };
}

beforeEach(() => {
  environment = fakeEnvironment();
});

afterEach(() => {
  expect(environment.clock.pending).toBe(0);
});

it('opens at both ends with one message each way', async () => {
  const { client, server, pair } = wire();
  await settled();

  expect([client.session.isOpen, server.session.isOpen]).toEqual([true, true]);
  expect([pair.left.sent.length, pair.right.sent.length]).toEqual([1, 1]);
  client.session.close(1000, '');
  await settled();
});

it('stays open without traffic, by one exchange each interval that both ends measure by', async () => {
  const { client, server, pair } = wire();
  await environment.clock.advanceAsync(80_000);

  expect(pair.right.sent.slice(1)).toEqual(['[9]', '[10]', '[9]', '[10]', '[9]', '[10]']);
  expect(pair.left.sent.slice(1)).toEqual(['[10]', '[9]', '[10]', '[9]', '[10]', '[9]']);
  expect(client.told.filter(([name]) => name === 'latency')).toHaveLength(3);
  expect(server.told.filter(([name]) => name === 'latency')).toHaveLength(3);
  client.session.close(1000, '');
  await settled();
});

it('carries messages both ways in order, a tick at a time', async () => {
  const { client, server, pair } = wire();
  await settled();
  for (let id = 1; id <= 100; id++) client.session.send(`[16,${id},"now",0]`);
  server.session.send('[17,1]');
  await settled();

  const ids = server.told.filter(([name]) => name === 'message').map(([, message]) => (message as number[])[1]);
  expect(ids).toEqual(Array.from({ length: 100 }, (_, index) => index + 1));
  expect(pair.left.sent).toHaveLength(3);
  expect(client.told.at(-1)).toEqual(['message', [17, 1]]);
  client.session.close(1000, '');
  await settled();
});

it('ends at both ends when one closes', async () => {
  const { client, server } = wire();
  await settled();
  server.session.leave(1012, 3_000, 'restart');
  await settled();

  expect(server.told.at(-1)).toEqual(['closed', { code: 1012, reason: 'restart', local: true }]);
  expect(client.told.slice(-2)).toEqual([
    ['leave', 1012, 3_000],
    ['closed', { code: 1012, reason: 'restart', local: false }],
  ]);
});

it('ends at both ends when both close at once', async () => {
  const { client, server } = wire();
  await settled();
  client.session.close(1000, 'from the client');
  server.session.close(1000, 'from the server');
  await settled();

  expect(client.told.at(-1)).toEqual(['closed', { code: 1000, reason: 'from the client', local: true }]);
  expect(server.told.at(-1)).toEqual(['closed', { code: 1000, reason: 'from the server', local: true }]);
});

it('ends at both ends when the network stalls for longer than the heartbeat', async () => {
  const { client, server, pair } = wire();
  await settled();
  pair.hold();
  await environment.clock.advanceAsync(45_000);

  expect(server.told.at(-1)).toEqual(['closed', expect.objectContaining({ code: 4001, local: true })]);
  expect(client.session.isClosed).toBe(true);
});

it('ends at both ends when the connection is cut', async () => {
  const { client, server, pair } = wire();
  await settled();
  pair.cut();
  await settled();

  for (const { told } of [client, server]) {
    expect(told.at(-1)).toEqual(['closed', { code: 1006, reason: '', local: false }]);
  }
});
