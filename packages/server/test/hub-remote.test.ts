import type { BrokerPublication, Position } from '@typewire/core';
import { fakeEnvironment, RemoteBroker, seededRandom } from '@typewire/testing';
import { expect, it } from 'vitest';
import { type Overflow, plainDelivery } from '../src/channels/delivery.ts';
import { Hub, publicationDefaults } from '../src/channels/hub.ts';
import { MemoryBroker } from '../src/index.ts';
import { TestReceiver } from './hub-support.ts';

const overflows: readonly Overflow[] = ['block', 'drop-oldest', 'latest-per-key', 'close'];

/** What a subscriber makes of the messages it gets, as the protocol tells it to. */
class Follower extends TestReceiver {
  #at: Position | null = null;
  #seen = 0;
  gaps = 0;
  readonly broken: string[] = [];
  readonly #log: ReadonlyMap<string, number>;

  constructor(id: string, log: ReadonlyMap<string, number>) {
    super(id);
    this.#log = log;
  }

  get at(): Position | null {
    return this.#at;
  }

  subscribed(position: Position): void {
    this.#at = position;
  }

  /** Everything that was sent since the last look. */
  read(): void {
    for (const text of this.texts.slice(this.#seen)) {
      const [type, , ...fields] = JSON.parse(text) as [number, number, ...unknown[]];
      const before = this.#at as Position;
      if (type === 37) {
        const [epoch, offset, tag] = fields[0] as [string, number, number];
        this.#at = { epoch, offset, tag };
        this.gaps++;
        continue;
      }
      const [offset, tag, value] = fields as [number, number, unknown];
      if (offset <= before.offset) continue;
      this.#at = { epoch: before.epoch, offset, tag };
      if (type === 35 && offset !== before.offset + 1) this.broken.push(`${offset} behind ${before.offset}`);
      const name = `${before.epoch} ${offset} ${tag}`;
      if (this.#log.get(name) === undefined) this.broken.push(`${name} is not in the log`);
      else if (type === 35 && this.#log.get(name) !== value) this.broken.push(`${name} holds ${String(value)}`);
    }
    this.#seen = this.texts.length;
  }
}

it.each(Array.from({ length: 200 }, (_, seed) => seed))(
  'keeps the chain whole or tells of a gap, and arrives, whatever the network to the broker does: seed %i',
  async (seed) => {
    const random = seededRandom(seed);
    const environment = fakeEnvironment({ seed });
    const memory = new MemoryBroker(environment);
    const faults = { lostReplies: 0.1, lostEvents: 0.1 };
    const log = new Map<string, number>();
    await memory.subscribe('topic', {
      event: ({ position: { epoch, offset, tag }, payload }) =>
        void log.set(`${epoch} ${offset} ${tag}`, JSON.parse(String(payload).slice(1))),
      interrupted: () => {},
    });
    const options = {
      environment,
      maxLatencyMs: 40,
      get lostReplies() {
        return faults.lostReplies;
      },
      get lostEvents() {
        return faults.lostEvents;
      },
    };
    const hubs = [0, 1].map(() => {
      const hub: Hub = new Hub({
        broker: new RemoteBroker(memory, options),
        environment,
        limits: { events: 50, bytes: 5_000 },
        positionCheckMs: 25_000,
        pending: () => environment.defer(() => hub.tick.flush()),
      });
      return hub;
    });
    const history = random() < 0.7 ? { size: 30, ttlMs: 60_000, bytes: 10_000 } : null;
    const delivery = {
      ...plainDelivery,
      maxQueuedBytes: 200,
      overflow: overflows[seed % 4] as Overflow,
      conflateMs: random() < 0.3 ? 10 : 0,
    };
    const followers: Follower[] = [];
    let published = 0;
    const publish = (hub: Hub): void => {
      const publication: BrokerPublication = {
        ...publicationDefaults,
        payload: `,${++published}`,
        history,
        key: `key ${published % 3}`,
        exclude: published % 7 === 0 ? '0' : null,
      };
      hub.publish('topic', publication).catch(() => {});
    };
    const join = (hub: Hub): void => {
      const follower = new Follower(String(followers.length), log);
      hub
        .join(
          'topic',
          { position: null, rewind: 2 },
          follower,
          ({ position }) => follower.subscribed(position),
          Promise.resolve(),
          delivery,
        )
        .then(() => void followers.push(follower))
        // The answer was lost: a client would be told and ask again.
        .catch(() => {});
    };

    for (let step = 0; step < 200; step++) {
      const hub = hubs[Math.floor(random() * 2)] as Hub;
      if (followers.length < 6 && random() < 0.2) join(hub);
      if (random() < 0.8) publish(hub);
      const one = followers[Math.floor(random() * followers.length)];
      if (one !== undefined && random() < 0.2) one.room = random() < 0.5 ? 0 : 5;
      await environment.clock.advanceAsync(random() * 20);
      for (const follower of followers) follower.read();
    }
    faults.lostReplies = 0;
    faults.lostEvents = 0;
    for (const follower of followers) follower.room = Number.POSITIVE_INFINITY;
    await environment.clock.advanceAsync(40_000);

    const end = await memory.position('topic');
    expect(followers.length).toBeGreaterThan(0);
    for (const follower of followers) {
      follower.read();
      expect(follower.broken).toEqual([]);
      expect(follower.at).toEqual(end);
    }
  },
);
