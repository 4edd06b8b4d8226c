import type { Broker, BrokerEvent, BrokerHistory, BrokerPublication, BrokerRead, Position } from '@typewire/core';
import type { ContractCase } from './contract-case.ts';
import { equal, isTrue } from './contract-case.ts';

/** A broker under test, with what a test must be able to do to it. */
export interface BrokerSystem {
  /** One more handle of it, as another server has one. */
  connect(): Promise<Broker>;
  /** Lets what is under way go on for a moment; called until something has happened, or has had its chance to. */
  settle(): Promise<void>;
  /** Lets this much time pass, as the broker counts it: at most a few seconds. */
  pass(ms: number): Promise<void>;
  /** Loses every log, as a restart without a disk does. Handles of before are not used afterwards. */
  lose(): Promise<void>;
  /** The end of a case. */
  close(): Promise<void>;
}

const history: BrokerHistory = { size: 100, ttlMs: 60_000, bytes: 1_000_000 };
const limits = { events: 1_000, bytes: 1_000_000 };

/** What is published when nothing else matters. */
function publication(payload: string, more: Partial<BrokerPublication> = {}): BrokerPublication {
  return { payload: `,"${payload}"`, history, key: null, exclude: null, idempotencyKey: null, ...more };
}

const payloads = (events: readonly BrokerEvent[]): unknown[] => events.map(({ payload }) => payload);
const named = (...names: string[]): string[] => names.map((name) => `,"${name}"`);

/** One case at work: its broker, and handles that are closed with it. */
class Run {
  readonly system: BrokerSystem;
  readonly #handles: Broker[] = [];

  constructor(system: BrokerSystem) {
    this.system = system;
  }

  async connect(): Promise<Broker> {
    const handle = await this.system.connect();
    this.#handles.push(handle);
    return handle;
  }

  /** Follows a topic, and writes down what is told. */
  async follow(broker: Broker, topic: string): Promise<{ readonly events: BrokerEvent[]; readonly stop: () => void }> {
    const events: BrokerEvent[] = [];
    const stop = await broker.subscribe(topic, { event: (event) => void events.push(event), interrupted: () => {} });
    return { events, stop };
  }

  /** Waits until `count` events were told. */
  async told(events: readonly BrokerEvent[], count: number): Promise<void> {
    for (let turn = 0; turn < 1_000 && events.length < count; turn++) await this.system.settle();
    isTrue(events.length >= count, `${events.length} of ${count} events were told`);
  }

  /** Gives what should not happen the chance to. */
  async quiet(): Promise<void> {
    for (let turn = 0; turn < 20; turn++) await this.system.settle();
  }

  async close(): Promise<void> {
    await Promise.all(this.#handles.map((handle) => handle.close()));
    await this.system.close();
  }
}

/** Publishes one after the other, and gives their positions. */
async function publishAll(
  broker: Broker,
  topic: string,
  names: readonly string[],
  more?: Partial<BrokerPublication>,
): Promise<Position[]> {
  const positions: Position[] = [];
  for (const name of names) positions.push((await broker.publish(topic, publication(name, more))).position);
  return positions;
}

const readSince = (broker: Broker, topic: string, position: Position, bounds = limits): Promise<BrokerRead> =>
  broker.read(topic, { type: 'since', position }, bounds);
const readBefore = (
  broker: Broker,
  topic: string,
  position: Position | null,
  count: number,
  bounds = limits,
): Promise<BrokerRead> => broker.read(topic, { type: 'before', position, count }, bounds);

/** Fails unless the events follow each other from a position on, by offset, epoch and tag. */
function chained(from: Position, events: readonly BrokerEvent[]): void {
  let at = from;
  for (const { position, previousTag } of events) {
    equal([position.epoch, position.offset, previousTag], [at.epoch, at.offset + 1, at.tag]);
    at = position;
  }
}

/** Position `index` of those a case has made. */
function nth(positions: readonly Position[], index: number): Position {
  const position = positions.at(index);
  if (position === undefined) throw new Error(`there is no position ${index}`);
  return position;
}

const sentences: Readonly<Record<string, (run: Run) => Promise<void>>> = {
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

  async 'publishes once what comes again with the same idempotency key'(run) {
    const [one, two] = [await run.connect(), await run.connect()];
    const { events } = await run.follow(two, 'topic');
    const again = publication('a', { idempotencyKey: 'key' });
    const first = await one.publish('topic', again);
    await publishAll(one, 'topic', ['b']);
    const second = await two.publish('topic', again);
    const other = await one.publish('other', again);
    equal([first.duplicate, second.duplicate, other.duplicate], [false, true, false]);
    equal(second.position, first.position);
    await run.told(events, 2);
    await run.quiet();
    equal(payloads(events), named('a', 'b'));
  },

  async 'publishes once what comes at once on several handles with the same idempotency key'(run) {
    const brokers = [await run.connect(), await run.connect()];
    const again = publication('a', { idempotencyKey: 'key' });
    const receipts = await Promise.all([...brokers, ...brokers].map((broker) => broker.publish('topic', again)));
    equal(receipts.filter(({ duplicate }) => !duplicate).length, 1);
    equal(new Set(receipts.map(({ position }) => JSON.stringify(position))).size, 1);
  },

  async 'never gives out a position again after its logs are lost'(run) {
    const before = await run.connect();
    const start = await before.position('topic');
    const positions = await publishAll(before, 'topic', ['a', 'b']);
    await run.system.lose();
    const broker = await run.connect();
    const fresh = await broker.position('topic');
    isTrue(fresh.epoch !== start.epoch, 'a lost log begins a new epoch');
    await publishAll(broker, 'topic', ['a', 'b']);
    for (const position of [start, ...positions]) {
      const read = await readSince(broker, 'topic', position);
      equal([read.complete, read.events], [false, []]);
    }
  },

  async 'tells nothing more once a handle is closed, which may happen twice'(run) {
    const [one, two] = [await run.connect(), await run.connect()];
    const { events } = await run.follow(one, 'topic');
    await one.close();
    await one.close();
    await two.publish('topic', publication('a')).catch(() => {});
    await run.quiet();
    equal(events, []);
  },
};

/**
 * What every broker must do, wherever it lives. Register each case with your test runner:
 * `for (const { name, run } of brokerContract(createSystem)) it(name, run)`. Each case has a broker of its own.
 */
export function brokerContract(createSystem: () => BrokerSystem | Promise<BrokerSystem>): ContractCase[] {
  return Object.entries(sentences).map(([name, sentence]) => ({
    name,
    async run() {
      const run = new Run(await createSystem());
      try {
        await sentence(run);
      } finally {
        await run.close();
      }
    },
  }));
}
