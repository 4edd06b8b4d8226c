import { UsageError } from '@typewire/core';
import { MemoryBroker, typewire } from '@typewire/server';
import { fakeEnvironment, settled } from '@typewire/testing';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { opened, serveClient } from './served-client.ts';

const t = typewire();
const room = t.channel({ event: z.string(), history: { size: 10 }, subscribe: () => true, publish: () => true });

it('resolves a publication with its position', async () => {
  const { client } = await opened(serveClient(t.router({ room })));
  const lobby = client.api.room.subscribe();
  const position = await lobby.publish('hi');
  await settled();

  expect(position.offset).toBe(1);
  expect(lobby.position).toEqual(position);
});

it('does not hear what it publishes for everybody else, and sees no gap in that', async () => {
  const served = await opened(serveClient(t.router({ room })));
  const heard: unknown[] = [];
  const lobby = served.client.api.room.subscribe();
  lobby.on('event', (text, { offset }) => heard.push([text, offset]));
  lobby.on('gap', () => heard.push('gap'));
  await lobby.publish('mine', { exclude: 'self' });
  await served.wire.publish(room(), 'theirs');
  await settled();

  expect(heard).toEqual([['theirs', 2]]);
});

it('publishes once, however often the connection is lost before the answer, when it has a key', async () => {
  const served = await opened(serveClient(t.router({ room }), {}, { sessions: { resumableMs: 0 } }));
  const api = served.client.api.room;
  const first = await api.publish(undefined, 'before');
  // The server has the event, and its answer is lost on the way.
  const server = served.network.pairs[0]?.right;
  if (server === undefined) throw new Error('there is no connection');
  server.send = () => {};
  const keyed = api.publish(undefined, 'once', { idempotencyKey: true });
  const plain = expect(api.publish(undefined, 'maybe')).rejects.toMatchObject({ delivery: 'unknown' });
  await settled();
  served.network.cut();
  await served.environment.clock.advanceAsync(5_000);
  await plain;

  expect((await keyed).offset).toBe(first.offset + 1);
  expect((await api.publish(undefined, 'after')).offset).toBe(first.offset + 3);
  const again = { idempotencyKey: 'a key of my own' };
  expect(await api.publish(undefined, 'mine', again)).toEqual(await api.publish(undefined, 'mine', again));
});

it.each([['x'.repeat(256)], [''], [7 as unknown as string]])(
  'refuses an idempotency key that cannot be sent',
  async (idempotencyKey) => {
    const { client } = await opened(serveClient(t.router({ room })));
    await expect(client.api.room.publish(undefined, 'hi', { idempotencyKey })).rejects.toThrow(UsageError);
  },
);

it('says that nobody knows what became of a publication that the broker did not answer', async () => {
  const broker = new MemoryBroker(fakeEnvironment());
  const { client } = await opened(serveClient(t.router({ room }), {}, { broker, onError: () => {} }));
  broker.publish = () => Promise.reject(new Error('the broker is down'));

  await expect(client.api.room.publish(undefined, 'hi')).rejects.toMatchObject({
    code: 'UNAVAILABLE',
    delivery: 'unknown',
  });
});

it('refuses parameters with a key that no server takes, and keeps its connection', async () => {
  const anywhere = t.channel({ params: z.unknown(), event: z.string(), subscribe: () => true, publish: () => true });
  const { client } = await opened(serveClient(t.router({ anywhere })));
  const published = client.api.anywhere.publish(JSON.parse('{"at":{"__proto__":1}}'), 'hi');
  await expect(published).rejects.toMatchObject({ code: 'UNSERIALIZABLE' });
  await settled();
  expect(client.status.state).toBe('open');
});
