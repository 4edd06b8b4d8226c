import type { BrokerMember, BrokerPresence, PresenceList, PresenceListener, PresenceVersion } from '@typewire/core';
import type { Dice } from './dice.ts';
import type { VirtualClock } from './virtual-clock.ts';

interface Present {
  readonly member: BrokerMember;
  /** When it leaves unless it is refreshed. */
  readonly until: number;
}

type Members = ReadonlyMap<string, Present>;

interface Topic {
  epoch: string;
  version: number;
  tag: number;
  members: Members;
  /** What it was before each of the last changes, the newest last: an older copy may take over. */
  readonly before: Array<{ readonly tag: number; readonly members: Members }>;
  readonly listeners: Set<PresenceListener>;
}

/** How far back the oldest copy may be, in changes. */
const MAX_BEHIND = 8;

/** Who is present, at the place where the broker runs: it is asked over the network, see `BrokerLink`. */
export class ModelPresence implements BrokerPresence {
  readonly #clock: Pick<VirtualClock, 'now'>;
  readonly #dice: Pick<Dice, 'between'>;
  readonly #topics: Map<string, Topic> = new Map();
  #epochs = 0;

  constructor(clock: Pick<VirtualClock, 'now'>, dice: Pick<Dice, 'between'>) {
    this.#clock = clock;
    this.#dice = dice;
  }

  async put(name: string, members: readonly BrokerMember[], ttlMs: number): Promise<void> {
    this.#put(this.#topic(name), members, ttlMs);
  }

  async remove(name: string, ids: readonly string[]): Promise<void> {
    this.#remove(this.#topic(name), ids);
  }

  async refresh(
    members: ReadonlyMap<string, readonly BrokerMember[]>,
    ttlMs: number,
  ): Promise<ReadonlyMap<string, PresenceVersion>> {
    return new Map(
      Array.from(members, ([name, present]) => {
        const topic = this.#topic(name);
        this.#expire(topic);
        this.#put(topic, present, ttlMs);
        const { epoch, version, tag } = topic;
        return [name, { epoch, version, tag }];
      }),
    );
  }

  async list(name: string): Promise<PresenceList> {
    const topic = this.#topic(name);
    this.#expire(topic);
    const { epoch, version, tag } = topic;
    return { epoch, version, tag, members: Array.from(topic.members.values(), ({ member }) => member) };
  }

  async subscribe(name: string, listener: PresenceListener): Promise<() => void> {
    const { listeners } = this.#topic(name);
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  /** Everything is gone, and it knows: new epochs. */
  restart(): void {
    for (const topic of this.#topics.values()) {
      Object.assign(topic, { epoch: this.#nextEpoch(), version: 0, tag: 0, members: new Map() });
      topic.before.length = 0;
    }
  }

  /** The last `count` changes never reached the copy that takes over, and nobody is told: the epoch stays. */
  failOver(count: number): void {
    for (const topic of this.#topics.values()) {
      for (const { members, tag } of topic.before.splice(-count).reverse()) {
        topic.members = members;
        topic.tag = tag;
        topic.version--;
      }
    }
  }

  #put(topic: Topic, members: readonly BrokerMember[], ttlMs: number): void {
    const until = this.#clock.now() + ttlMs;
    const changed = members.filter((member) => !isSame(topic.members.get(member.id)?.member, member));
    const after = new Map([...topic.members, ...members.map((member) => [member.id, { member, until }] as const)]);
    if (changed.length === 0) topic.members = after;
    else this.#change(topic, after, changed, []);
  }

  #expire(topic: Topic): void {
    const now = this.#clock.now();
    this.#remove(
      topic,
      [...topic.members].flatMap(([id, { until }]) => (until <= now ? [id] : [])),
    );
  }

  #remove(topic: Topic, ids: readonly string[]): void {
    const removed = ids.filter((id) => topic.members.has(id));
    if (removed.length === 0) return;
    this.#change(topic, new Map([...topic.members].filter(([id]) => !removed.includes(id))), [], removed);
  }

  #change(
    topic: Topic,
    members: ReadonlyMap<string, Present>,
    put: readonly BrokerMember[],
    removed: readonly string[],
  ): void {
    topic.before.push({ members: topic.members, tag: topic.tag });
    if (topic.before.length > MAX_BEHIND) topic.before.shift();
    topic.members = members;
    const previousTag = topic.tag;
    topic.tag = this.#dice.between(1, 0xffff_ffff);
    const change = { epoch: topic.epoch, version: ++topic.version, tag: topic.tag, previousTag, put, removed };
    for (const listener of [...topic.listeners]) listener.changed(change);
  }

  #topic(name: string): Topic {
    let topic = this.#topics.get(name);
    if (topic === undefined) {
      topic = {
        epoch: this.#nextEpoch(),
        version: 0,
        tag: 0,
        members: new Map(),
        before: [],
        listeners: new Set(),
      };
      this.#topics.set(name, topic);
    }
    return topic;
  }

  #nextEpoch(): string {
    return `presence-${++this.#epochs}`;
  }
}

function isSame(one: BrokerMember | undefined, { subject, state }: BrokerMember): boolean {
  return one !== undefined && one.subject === subject && one.state === state;
}
