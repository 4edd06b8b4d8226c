import { typewire } from '@typewire/server';
import { settled } from '@typewire/testing';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { CallError, UsageError } from '../src/index.ts';
import { opened, type ServedClient, serveClient } from './served-client.ts';

const t = typewire();
const room = t.channel({
  params: z.object({ room: z.string() }),
  event: z.object({ text: z.string() }),
  history: { size: 10 },
  subscribe: ({ params }) => params.room !== 'secret',
  publish: () => true,
});
const router = t.router({ room });
type Served = ServedClient<{ room: typeof room }>;
const lobby = { room: 'lobby' };

async function publish(served: Served, ...texts: string[]): Promise<void> {
  for (const text of texts) await served.wire.publish(room(lobby), { text });
  await settled();
}

function follow(served: Served, options = {}) {
  const subscription = served.client.api.room.subscribe(lobby, options);
  const heard: string[] = [];
  subscription.on('event', ({ text }) => heard.push(text));
  subscription.on('gap', () => heard.push('gap'));
  subscription.on('status', ({ state, outcome }) => heard.push(outcome === null ? state : `${state} ${outcome}`));
  return { subscription, heard };
}

it('hears what is published after it is live', async () => {
  const served = await opened(serveClient(router));
  const { heard, subscription } = follow(served);
  await settled();
  await publish(served, 'one', 'two');
  expect(heard).toEqual(['live fresh', 'one', 'two']);
  expect(subscription.position?.offset).toBe(2);
});

it('rewinds at first, oldest first', async () => {
  const served = await opened(serveClient(router));
  await publish(served, 'one', 'two', 'three');
  const { heard } = follow(served, { rewind: 2 });
  await settled();
  expect(heard).toEqual(['live fresh', 'two', 'three']);
});

it('recovers what was published while it was away, once and in order', async () => {
  const served = await opened(serveClient(router));
  const { heard } = follow(served);
  await settled();
  await publish(served, 'one');
  served.network.cut();
  await settled();
  await publish(served, 'two', 'three');
  await served.environment.clock.advanceAsync(1_000);
  await publish(served, 'four');
  expect(heard).toEqual(['live fresh', 'one', 'two', 'three', 'four']);
});

it('recovers before the first event has ever arrived', async () => {
  const served = await opened(serveClient(router));
  const { heard } = follow(served);
  await settled();
  served.network.cut();
  await settled();
  await publish(served, 'one');
  await served.environment.clock.advanceAsync(1_000);
  expect(heard).toEqual(['live fresh', 'one']);
});

it('recovers by its position when the session is lost and the history is not', async () => {
  const served = await opened(serveClient(router, {}, { sessions: { resumableMs: 0 } }));
  const { heard } = follow(served);
  await settled();
  await publish(served, 'one');
  served.network.cut();
  await settled();
  await publish(served, 'two', 'three');
  await served.environment.clock.advanceAsync(1_000);
  await publish(served, 'four');
  expect(heard).toEqual(['live fresh', 'one', 'connecting fresh', 'live recovered', 'two', 'three', 'four']);
});

it('says gap when a restarted server cannot tell what was missed, and goes on', async () => {
  const served = await opened(serveClient(router));
  const { heard } = follow(served);
  await settled();
  await publish(served, 'one');
  served.restart();
  await served.environment.clock.advanceAsync(1_000);
  await publish(served, 'two');
  expect(heard).toEqual(['live fresh', 'one', 'connecting fresh', 'live gap', 'gap', 'two']);
});

it('gives a rewound subscriber the past again after a gap', async () => {
  const served = await opened(serveClient(router));
  const { heard } = follow(served, { rewind: 5 });
  await settled();
  await publish(served, 'one');
  served.restart();
  await publish(served, 'two', 'three');
  await served.environment.clock.advanceAsync(1_000);
  expect(heard).toEqual(['live fresh', 'one', 'connecting fresh', 'live gap', 'gap', 'two', 'three']);
});

it('shares one subscription on the wire between equal parameters', async () => {
  const served = await opened(serveClient(router));
  const first = follow(served);
  const second = follow(served);
  await settled();
  await publish(served, 'one');
  first.subscription.close();
  await publish(served, 'two');
  second.subscription.close();
  await settled();
  expect(first.heard).toEqual(['live fresh', 'one', 'closed fresh']);
  expect(second.heard).toEqual(['live fresh', 'one', 'two', 'closed fresh']);
  const sent = served.network.pairs[0]?.left.sent.join() ?? '';
  expect(sent.match(/\[32,/g)).toHaveLength(1);
  expect(sent.match(/\[34,/g)).toHaveLength(1);
});

it('brings a late joiner of a rewound topic to where the others are', async () => {
  const served = await opened(serveClient(router));
  await publish(served, 'one');
  follow(served, { rewind: 5 });
  await settled();
  await publish(served, 'two');
  const late = follow(served, { rewind: 5 });
  await settled();
  expect(late.heard).toEqual(['live fresh', 'one', 'two']);
});

it('costs no message when it is closed in the tick it was made in', async () => {
  const served = await opened(serveClient(router));
  const before = served.network.pairs[0]?.left.sent.length;
  follow(served).subscription.close();
  await settled();
  expect(served.network.pairs[0]?.left.sent.length).toBe(before);
});

it('unsubscribes when it is closed while the server answers', async () => {
  const served = await opened(serveClient(router));
  const { subscription, heard } = follow(served);
  await Promise.resolve();
  await Promise.resolve();
  subscription.close();
  await settled();
  await publish(served, 'unheard');
  expect(heard).toEqual(['closed']);
  expect(served.network.pairs[0]?.left.sent.at(-1)).toMatch(/^\[34,/);
});

it('can be closed and made again inside its own listener', async () => {
  const served = await opened(serveClient(router));
  const heard: string[] = [];
  const first = served.client.api.room.subscribe(lobby);
  first.on('event', ({ text }) => {
    heard.push(`first ${text}`);
    first.close();
    served.client.api.room.subscribe(lobby).on('event', (event) => heard.push(`second ${event.text}`));
  });
  await settled();
  await publish(served, 'one', 'two');
  expect(heard).toEqual(['first one', 'second two']);
});

it('ends with a typed error when the server refuses', async () => {
  const served = await opened(serveClient(router));
  const secret = served.client.api.room.subscribe({ room: 'secret' });
  const ends: unknown[] = [];
  secret.on('closed', (error) => ends.push(error?.code));
  const read = (async () => {
    for await (const _ of secret) void _;
  })();
  await settled();
  expect(ends).toEqual(['FORBIDDEN']);
  expect(secret.error).toBeInstanceOf(CallError);
  await expect(read).rejects.toMatchObject({ code: 'FORBIDDEN' });
});

it('can be read with for await, and leaving the loop ends the iterator alone', async () => {
  const served = await opened(serveClient(router));
  const { subscription } = follow(served);
  await settled();
  const read: string[] = [];
  const reading = (async () => {
    for await (const { text } of subscription) {
      read.push(text);
      if (text === 'two') break;
    }
  })();
  await publish(served, 'one', 'two', 'three');
  await reading;
  expect(read).toEqual(['one', 'two']);
  expect(subscription.status.state).toBe('live');
});

it('fails an iterator that falls too far behind, and no other reader', async () => {
  const served = await opened(serveClient(router));
  const { subscription, heard } = follow(served, { maxQueuedEvents: 2 });
  await settled();
  const iterator = subscription[Symbol.asyncIterator]();
  await publish(served, 'one', 'two', 'three');
  expect(await iterator.next()).toMatchObject({ value: { text: 'one' } });
  expect(await iterator.next()).toMatchObject({ value: { text: 'two' } });
  await expect(iterator.next()).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' });
  expect(heard.slice(1)).toEqual(['one', 'two', 'three']);
});

it('publishes where the channel lets it', async () => {
  const served = await opened(serveClient(router));
  const { subscription, heard } = follow(served);
  await settled();
  await subscription.publish({ text: 'one' });
  await served.client.api.room.publish(lobby, { text: 'two' });
  expect(heard.slice(1)).toEqual(['one', 'two']);
  const refused = subscription.publish({ text: 7 as unknown as string });
  await expect(refused).rejects.toMatchObject({ code: 'INVALID_INPUT' });
});

it('publishes what was published while disconnected, once', async () => {
  const served = await opened(serveClient(router));
  const { subscription, heard } = follow(served);
  await settled();
  served.network.cut();
  await settled();
  const publishing = subscription.publish({ text: 'late' });
  await served.environment.clock.advanceAsync(1_000);
  await publishing;
  expect(heard.filter((text) => text === 'late')).toHaveLength(1);
});

it.each([Number.NaN, -1, 1.5, 10_001])('refuses to rewind by %d', async (rewind) => {
  const served = await opened(serveClient(router));
  expect(() => served.client.api.room.subscribe(lobby, { rewind })).toThrow(UsageError);
});

it('keeps delivering when a listener throws, and reports what it threw', async () => {
  const served = await opened(serveClient(router));
  const { subscription, heard } = follow(served);
  const reported: unknown[] = [];
  const report = (error: unknown): void => void reported.push(error);
  Object.assign(globalThis, { reportError: report });
  try {
    subscription.on('event', () => {
      throw new Error('a bug of the page');
    });
    await settled();
    await publish(served, 'one', 'two');
  } finally {
    Reflect.deleteProperty(globalThis, 'reportError');
  }
  expect(heard.slice(1)).toEqual(['one', 'two']);
  expect(reported).toHaveLength(2);
});
