import type { Position } from '@typewire/core';
import { equal } from '../contract-case.ts';
import { history, named, nth, payloads, publishAll, readBefore, readSince, type Sentences } from './run.ts';

/** What is kept of a topic, and how it is read again. */
export const reading: Sentences = {
  async 'reads everything after a position'(run) {
    const broker = await run.connect();
    const positions = await publishAll(broker, 'topic', ['a', 'b', 'c', 'd']);
    const read = await readSince(broker, 'topic', nth(positions, 1));
    equal([read.complete, payloads(read.events), read.position], [true, named('c', 'd'), nth(positions, 3)]);
    const nothing = await readSince(broker, 'topic', nth(positions, 3));
    equal([nothing.complete, nothing.events, nothing.position], [true, [], nth(positions, 3)]);
  },

  async 'reads nothing after a position it cannot go on from'(run) {
    const broker = await run.connect();
    const positions = await publishAll(broker, 'topic', ['a', 'b', 'c']);
    const [first, last] = [nth(positions, 0), nth(positions, 2)];
    const wrong: Position[] = [
      { ...first, epoch: 'another' },
      { ...first, tag: first.tag ^ 1 },
      { ...last, tag: last.tag ^ 1 },
      { ...last, offset: 9 },
      { epoch: first.epoch, offset: 0, tag: 7 },
    ];
    for (const position of wrong) {
      const read = await readSince(broker, 'topic', position);
      equal([read.complete, read.events, read.position], [false, [], last]);
    }
  },

  async 'reads all of what is asked for or none of it'(run) {
    const broker = await run.connect();
    const start = await broker.position('topic');
    await publishAll(broker, 'topic', ['a', 'b', 'c']);
    equal((await readSince(broker, 'topic', start, { events: 3, bytes: 12 })).complete, true);
    for (const bounds of [
      { events: 2, bytes: 1_000 },
      { events: 3, bytes: 11 },
    ]) {
      const read = await readSince(broker, 'topic', start, bounds);
      equal([read.complete, read.events], [false, []]);
    }
  },

  async 'keeps no more events than the size of the history'(run) {
    const broker = await run.connect();
    const start = await broker.position('topic');
    const small = { history: { ...history, size: 3 } };
    const positions = await publishAll(broker, 'topic', ['a', 'b', 'c', 'd', 'e'], small);
    equal(payloads((await readBefore(broker, 'topic', null, 10)).events), named('c', 'd', 'e'));
    equal((await readSince(broker, 'topic', start)).complete, false);
    equal((await readSince(broker, 'topic', nth(positions, 0))).complete, false);
    // The position before the oldest event is proved by that event alone.
    equal(payloads((await readSince(broker, 'topic', nth(positions, 1))).events), named('c', 'd', 'e'));
  },

  async 'keeps no more bytes than the history allows, and an event above them not at all'(run) {
    const broker = await run.connect();
    const small = { history: { ...history, bytes: 40 } };
    await publishAll(broker, 'topic', ['x'.repeat(7), 'y'.repeat(17), 'z'.repeat(17)], small);
    equal(payloads((await readBefore(broker, 'topic', null, 10)).events), named('y'.repeat(17), 'z'.repeat(17)));
    const [position] = await publishAll(broker, 'topic', ['w'.repeat(100)], small);
    const read = await readBefore(broker, 'topic', null, 10);
    equal([read.events, read.position], [[], position]);
  },

  async 'forgets events that are older than the history keeps them, and not the position'(run) {
    const broker = await run.connect();
    const brief = { history: { ...history, ttlMs: 1_000 } };
    const [first] = await publishAll(broker, 'topic', ['a'], brief);
    await run.system.pass(800);
    const [second] = await publishAll(broker, 'topic', ['b'], brief);
    await run.system.pass(700);
    equal(payloads((await readBefore(broker, 'topic', null, 10)).events), named('b'));
    equal(payloads((await readSince(broker, 'topic', first as Position)).events), named('b'));
    await run.system.pass(1_000);
    const read = await readSince(broker, 'topic', second as Position);
    equal([read.complete, read.events, read.position], [true, [], second]);
  },

  async 'moves the position of a topic without history, and keeps nothing'(run) {
    const broker = await run.connect();
    const start = await broker.position('topic');
    const positions = await publishAll(broker, 'topic', ['a', 'b'], { history: null });
    equal(await broker.position('topic'), nth(positions, 1));
    equal(payloads((await readBefore(broker, 'topic', null, 10)).events), []);
    equal((await readSince(broker, 'topic', start)).complete, false);
    equal((await readSince(broker, 'topic', nth(positions, 1))).complete, true);
  },

  async 'pages back through the past, oldest first within a page'(run) {
    const broker = await run.connect();
    await publishAll(broker, 'topic', ['a', 'b', 'c', 'd', 'e']);
    const last = await readBefore(broker, 'topic', null, 2);
    equal([last.complete, payloads(last.events)], [false, named('d', 'e')]);
    const middle = await readBefore(broker, 'topic', last.events[0]?.position ?? null, 2);
    equal([middle.complete, payloads(middle.events)], [false, named('b', 'c')]);
    const first = await readBefore(broker, 'topic', middle.events[0]?.position ?? null, 2);
    equal([first.complete, payloads(first.events)], [true, named('a')]);
    const none = await readBefore(broker, 'topic', first.events[0]?.position ?? null, 2);
    equal([none.complete, none.events], [true, []]);
  },

  async 'pages back from a position of another log to nothing'(run) {
    const broker = await run.connect();
    const [, second] = await publishAll(broker, 'topic', ['a', 'b', 'c']);
    const wrong = second as Position;
    for (const position of [
      { ...wrong, epoch: 'another' },
      { ...wrong, tag: wrong.tag ^ 1 },
      { ...wrong, offset: 9 },
    ]) {
      const read = await readBefore(broker, 'topic', position, 10);
      equal([read.complete, read.events], [true, []]);
    }
  },

  async 'gives shorter pages where limits say so, but never an empty one'(run) {
    const broker = await run.connect();
    await publishAll(broker, 'topic', ['a', 'b', 'c']);
    const page = async (events: number, bytes: number) =>
      payloads((await readBefore(broker, 'topic', null, 10, { events, bytes })).events);
    equal(await page(2, 1_000), named('b', 'c'));
    equal(await page(10, 8), named('b', 'c'));
    equal(await page(10, 1), named('c'));
  },
};
