import type { Broker } from '@typewire/core';
import { equal, isTrue } from '../contract-case.ts';
import {
  chained,
  named,
  nth,
  payloads,
  publication,
  publishAll,
  readBefore,
  readSince,
  type Sentences,
} from './run.ts';

/** What a topic is told, in which order, on all handles. */
export const order: Sentences = {
  async 'numbers the events of a topic without holes, from 1, within one epoch'(run) {
    const broker = await run.connect();
    const positions = await publishAll(broker, 'topic', ['a', 'b', 'c']);
    equal(
      positions.map(({ offset }) => offset),
      [1, 2, 3],
    );
    equal(new Set(positions.map(({ epoch }) => epoch)).size, 1);
    equal(new Set(positions.map(({ tag }) => tag)).size, 3);
    isTrue(
      positions.every(({ tag }) => Number.isInteger(tag) && tag > 0 && tag <= 0xffff_ffff),
      'tags are 32 bits, not 0',
    );
    isTrue(nth(positions, 0).epoch.length <= 64, 'an epoch has at most 64 characters');
  },

  async 'chains the events of a topic by their tags'(run) {
    const broker = await run.connect();
    const start = await broker.position('topic');
    const { events } = await run.follow(broker, 'topic');
    await publishAll(broker, 'topic', ['a', 'b', 'c']);
    await run.told(events, 3);
    chained(start, events);
    chained(start, (await readSince(broker, 'topic', start)).events);
  },

  async 'has a position for a topic on which nothing was published, from which recovery works'(run) {
    const broker = await run.connect();
    const start = await broker.position('topic');
    equal([start.offset, start.tag], [0, 0]);
    equal(await (await run.connect()).position('topic'), start);
    await publishAll(broker, 'topic', ['a']);
    const read = await readSince(broker, 'topic', start);
    equal([read.complete, payloads(read.events)], [true, named('a')]);
  },

  async 'answers a publication with the position its event is told and read at'(run) {
    const broker = await run.connect();
    const start = await broker.position('topic');
    const { events } = await run.follow(broker, 'topic');
    const positions = await publishAll(broker, 'topic', ['a', 'b']);
    await run.told(events, 2);
    equal(
      events.map(({ position }) => position),
      positions,
    );
    const read = await readSince(broker, 'topic', start);
    equal(
      read.events.map(({ position }) => position),
      positions,
    );
    equal([read.position, await broker.position('topic')], [nth(positions, 1), nth(positions, 1)]);
  },

  async 'keeps topics apart, whatever their names hold'(run) {
    const broker = await run.connect();
    const topics = ['a', 'A', 'a.b', 'a?b=~1', 'a%2A', '你好', `x${'y'.repeat(254)}`, '__proto__'];
    const followed = await Promise.all(topics.map((topic) => run.follow(broker, topic)));
    for (const topic of topics) await broker.publish(topic, publication(topic));
    for (const [index, { events }] of followed.entries()) {
      await run.told(events, 1);
      equal(payloads(events), named(topics[index] as string));
    }
  },

  async 'tells listeners of every handle, in the order of the log, until they stop'(run) {
    const [one, two] = [await run.connect(), await run.connect()];
    const [here, there] = [await run.follow(one, 'topic'), await run.follow(two, 'topic')];
    await publishAll(one, 'topic', ['a', 'b']);
    await run.told(here.events, 2);
    await run.told(there.events, 2);
    here.stop();
    here.stop();
    await publishAll(two, 'topic', ['c']);
    await run.told(there.events, 3);
    await run.quiet();
    equal(payloads(here.events), named('a', 'b'));
    equal(payloads(there.events), named('a', 'b', 'c'));
  },

  async 'gives publishers on several handles one order, without holes, the same for all'(run) {
    const [one, two] = [await run.connect(), await run.connect()];
    const start = await one.position('topic');
    const [here, there] = [await run.follow(one, 'topic'), await run.follow(two, 'topic')];
    const publish = (broker: Broker, name: string) =>
      Array.from({ length: 40 }, (_, index) => broker.publish('topic', publication(`${name}${index}`)));
    const receipts = await Promise.all([...publish(one, 'a'), ...publish(two, 'b')]);
    const offsets = receipts.map(({ position }) => position.offset).sort((a, b) => a - b);
    equal(
      offsets,
      Array.from({ length: 80 }, (_, index) => index + 1),
    );
    await run.told(here.events, 80);
    await run.told(there.events, 80);
    chained(start, here.events);
    equal(here.events, there.events);
    equal((await readSince(two, 'topic', start)).events, here.events);
  },

  async 'keeps the order in which one handle publishes'(run) {
    const broker = await run.connect();
    const names = Array.from({ length: 30 }, (_, index) => `event ${index}`);
    const receipts = await Promise.all(names.map((name) => broker.publish('topic', publication(name))));
    equal(
      receipts.map(({ position }) => position.offset),
      names.map((_, index) => index + 1),
    );
    equal(payloads((await readBefore(broker, 'topic', null, 100)).events), named(...names));
  },

  async 'misses nothing for a listener that comes while others publish'(run) {
    const [one, two] = [await run.connect(), await run.connect()];
    const publishing = (async () => {
      for (let index = 0; index < 60; index++) {
        await one.publish('topic', publication(String(index)));
        if (index % 5 === 0) await run.system.settle();
      }
    })();
    await run.system.settle();
    const { events } = await run.follow(two, 'topic');
    const from = await two.position('topic');
    await publishing;
    const end = await one.position('topic');
    for (
      let turn = 0;
      turn < 1_000 && events.at(-1)?.position.offset !== end.offset && from.offset < end.offset;
      turn++
    ) {
      await run.system.settle();
    }
    const heard = events.filter(({ position }) => position.offset > from.offset);
    chained(from, heard);
    equal(heard, (await readSince(two, 'topic', from)).events);
  },

  async 'carries payloads, keys and exclusions unchanged'(run) {
    const broker = await run.connect();
    const { events } = await run.follow(broker, 'topic');
    const sent = [
      publication('naïve 你好 😀 \u2028'),
      publication('x'.repeat(100_000), { key: 'a key: 你好', exclude: 'session' }),
      publication('', { payload: '' }),
      publication('', { payload: new Uint8Array([0, 0, 0, 2, 91, 93, 0, 255, 10, 13]) }),
    ];
    for (const one of sent) await broker.publish('topic', one);
    await run.told(events, sent.length);
    const { events: kept } = await readBefore(broker, 'topic', null, 10);
    for (const [index, { payload, key, exclude }] of sent.entries()) {
      for (const event of [events[index], kept[index]]) {
        equal([event?.key, event?.exclude], [key, exclude]);
        equal(typeof event?.payload, typeof payload);
        equal([...(event?.payload ?? [])], [...payload]);
      }
    }
  },
};
