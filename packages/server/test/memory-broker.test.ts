import type { Position } from '@typewire/core';
import { fakeEnvironment } from '@typewire/testing';
import { expect, it } from 'vitest';
import { type BrokerEvent, MemoryBroker } from '../src/index.ts';

const history = { size: 3, ttlMs: 1_000 };

function broker() {
  const environment = fakeEnvironment();
  return { environment, clock: environment.clock, broker: new MemoryBroker(environment) };
}

const payloads = (events: readonly BrokerEvent[]): string[] => events.map((event) => String(event.payload));

it('numbers the events of a topic without holes within one epoch', async () => {
  const { broker: memory } = broker();
  const positions = [];
  for (const text of ['a', 'b', 'c']) positions.push(await memory.publish('topic', text, history));
  expect(positions.map(({ offset }) => offset)).toEqual([1, 2, 3]);
  expect(new Set(positions.map(({ epoch }) => epoch)).size).toBe(1);
  expect(new Set(positions.map(({ tag }) => tag)).size).toBe(3);
});

it('tells listeners of a topic alone, in order, until they stop', async () => {
  const { broker: memory } = broker();
  const heard: string[] = [];
  const stop = await memory.subscribe('topic', (event) => heard.push(String(event.payload)));
  await memory.publish('topic', 'a', null);
  await memory.publish('other', 'x', null);
  await memory.publish('topic', 'b', null);
  stop();
  await memory.publish('topic', 'c', null);
  expect(heard).toEqual(['a', 'b']);
});

it('keeps no more than size events', async () => {
  const { broker: memory } = broker();
  for (const text of ['a', 'b', 'c', 'd']) await memory.publish('topic', text, history);
  const read = await memory.read('topic', { type: 'last', count: 10 }, 100);
  expect(payloads(read.events)).toEqual(['b', 'c', 'd']);
});

it('forgets events older than their lifetime', async () => {
  const { broker: memory, clock } = broker();
  await memory.publish('topic', 'a', history);
  clock.advance(800);
  await memory.publish('topic', 'b', history);
  clock.advance(300);
  const read = await memory.read('topic', { type: 'last', count: 10 }, 100);
  expect(payloads(read.events)).toEqual(['b']);
});

it('reads everything since a position, or says that it cannot', async () => {
  const { broker: memory } = broker();
  const positions: Position[] = [];
  for (const text of ['a', 'b', 'c', 'd', 'e']) positions.push(await memory.publish('topic', text, history));
  const since = async (index: number) => {
    const position = positions[index];
    if (position === undefined) throw new Error('no such event');
    return memory.read('topic', { type: 'since', position }, 100);
  };
  expect(payloads((await since(2)).events)).toEqual(['d', 'e']);
  expect(await since(4)).toMatchObject({ complete: true, events: [] });
  expect(await since(0)).toMatchObject({ complete: false, events: [] });
});

it('never gives part of what was asked for', async () => {
  const { broker: memory } = broker();
  const first = await memory.publish('topic', 'a', history);
  for (const text of ['b', 'c', 'd']) await memory.publish('topic', text, history);
  expect(await memory.read('topic', { type: 'since', position: first }, 2)).toMatchObject({
    complete: false,
    events: [],
  });
});

it('hands out a position for a topic nothing was ever published on, from which recovery works', async () => {
  const { broker: memory } = broker();
  const { position } = await memory.read('topic', { type: 'last', count: 0 }, 100);
  await memory.publish('topic', 'a', history);
  const read = await memory.read('topic', { type: 'since', position }, 100);
  expect(payloads(read.events)).toEqual(['a']);
});

it('gives a topic another epoch after a restart', async () => {
  const first = await broker().broker.publish('topic', 'a', history);
  const environment = fakeEnvironment({ seed: 2 });
  environment.createId();
  const restarted = new MemoryBroker(environment);
  expect(await restarted.read('topic', { type: 'since', position: first }, 100)).toMatchObject({ complete: false });
});

it('forgets topics that hold nothing and that nobody follows', async () => {
  const { broker: memory, clock } = broker();
  await memory.subscribe('followed', () => {});
  await memory.publish('followed', 'a', null);
  for (let index = 0; index < 1_022; index++) await memory.publish(`idle-${index}`, 'a', history);
  clock.advance(5_000);
  for (let index = 0; index < 10; index++) await memory.publish(`new-${index}`, 'a', history);
  expect(memory.size).toBeLessThan(20);
  expect((await memory.read('followed', { type: 'last', count: 0 }, 1)).position.offset).toBe(1);
});
