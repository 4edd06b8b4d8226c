import { equal, isTrue } from '../contract-case.ts';
import { named, payloads, publication, publishAll, readSince, type Sentences } from './run.ts';

/** What comes twice, and what must never come again. */
export const repetition: Sentences = {
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
