import { type BrokerHistory, IDEMPOTENCY_WINDOW_MS } from '@typewire/core';
import { fakeEnvironment } from '@typewire/testing';
import { expect, it } from 'vitest';
import { MemoryBroker } from '../src/index.ts';

const history = { size: 3, ttlMs: 1_000, bytes: 1_000 };
const publication = (payload: string, kept: BrokerHistory | null = history, idempotencyKey: string | null = null) => ({
  payload,
  history: kept,
  key: null,
  exclude: null,
  idempotencyKey,
});
const limits = { events: 100, bytes: 100_000 };
const listener = { event: () => {}, interrupted: () => {} };

function broker() {
  const environment = fakeEnvironment();
  return { environment, clock: environment.clock, broker: new MemoryBroker(environment) };
}

it('forgets topics that hold nothing and that nobody follows', async () => {
  const { broker: memory, clock } = broker();
  await memory.subscribe('followed', listener);
  await memory.publish('followed', publication('a', null));
  for (let index = 0; index < 1_022; index++) await memory.publish(`idle-${index}`, publication('a'));
  clock.advance(5_000);
  for (let index = 0; index < 10; index++) await memory.publish(`new-${index}`, publication('a'));
  expect(memory.size).toBeLessThan(20);
  expect((await memory.read('followed', { type: 'before', position: null, count: 0 }, limits)).position.offset).toBe(1);
});

it('knows a publication again for five minutes', async () => {
  const { broker: memory, clock } = broker();
  const first = await memory.publish('topic', publication('a', null, 'key'));
  clock.advance(IDEMPOTENCY_WINDOW_MS);
  expect(await memory.publish('topic', publication('a', null, 'key'))).toEqual({ ...first, duplicate: true });
  clock.advance(1);

  expect(await memory.publish('topic', publication('a', null, 'key'))).toMatchObject({
    position: { offset: 2 },
    duplicate: false,
  });
});

it('keeps a topic whose publications it must know again', async () => {
  const { broker: memory, clock } = broker();
  await memory.publish('kept', publication('a', null, 'key'));
  for (let index = 0; index < 1_023; index++) await memory.publish(`idle-${index}`, publication('a'));
  clock.advance(5_000);
  await memory.publish('new', publication('a'));

  expect(await memory.publish('kept', publication('a', null, 'key'))).toMatchObject({ duplicate: true });
});

it('forgets the oldest keys of a topic when there are more than it holds', async () => {
  const { broker: memory } = broker();
  for (let index = 0; index <= 10_000; index++) await memory.publish('topic', publication('a', null, `key-${index}`));

  expect((await memory.publish('topic', publication('a', null, 'key-1'))).duplicate).toBe(true);
  expect((await memory.publish('topic', publication('a', null, 'key-0'))).duplicate).toBe(false);
});
