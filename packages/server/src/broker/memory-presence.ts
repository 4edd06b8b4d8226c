import type {
  BrokerMember,
  BrokerPresence,
  Environment,
  PresenceList,
  PresenceListener,
  PresenceVersion,
} from '@typewire/core';

interface Present {
  readonly member: BrokerMember;
  /** When it leaves unless it is refreshed. */
  readonly until: number;
}

interface Topic {
  readonly epoch: string;
  version: number;
  tag: number;
  readonly members: Map<string, Present>;
  readonly listeners: Set<PresenceListener>;
}

/** Who is present inside this process. */
export class MemoryPresence implements BrokerPresence {
  readonly #environment: Environment;
  readonly #topics: Map<string, Topic> = new Map();

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  /** Topics with members or listeners, for tests and metrics. */
  get size(): number {
    return this.#topics.size;
  }

  put(name: string, members: readonly BrokerMember[], ttlMs: number): Promise<void> {
    this.#put(this.#topic(name), members, ttlMs);
    return Promise.resolve();
  }

  remove(name: string, ids: readonly string[]): Promise<void> {
    const topic = this.#topics.get(name);
    if (topic === undefined) return Promise.resolve();
    const removed = ids.filter((id) => topic.members.delete(id));
    this.#tell(topic, [], removed);
    this.#closeUnused(name, topic);
    return Promise.resolve();
  }

  refresh(
    members: ReadonlyMap<string, readonly BrokerMember[]>,
    ttlMs: number,
  ): Promise<ReadonlyMap<string, PresenceVersion>> {
    const answer = new Map<string, PresenceVersion>();
    for (const [name, present] of members) {
      const topic = this.#topic(name);
      this.#expire(topic);
      this.#put(topic, present, ttlMs);
      const { epoch, version, tag } = topic;
      answer.set(name, { epoch, version, tag });
      this.#closeUnused(name, topic);
    }
    return Promise.resolve(answer);
  }

  list(name: string): Promise<PresenceList> {
    const topic = this.#topic(name);
    this.#expire(topic);
    const { epoch, version, tag } = topic;
    const members = Array.from(topic.members.values(), ({ member }) => member);
    this.#closeUnused(name, topic);
    return Promise.resolve({ epoch, version, tag, members });
  }

  subscribe(name: string, listener: PresenceListener): Promise<() => void> {
    const topic = this.#topic(name);
    topic.listeners.add(listener);
    return Promise.resolve(() => {
      topic.listeners.delete(listener);
      this.#closeUnused(name, topic);
    });
  }

  clear(): void {
    this.#topics.clear();
  }

  #put(topic: Topic, members: readonly BrokerMember[], ttlMs: number): void {
    const until = this.#environment.now() + ttlMs;
    const changed = members.filter((member) => !isSame(topic.members.get(member.id)?.member, member));
    for (const member of members) topic.members.set(member.id, { member, until });
    this.#tell(topic, changed, []);
  }

  #expire(topic: Topic): void {
    const now = this.#environment.now();
    const over: string[] = [];
    for (const [id, { until }] of topic.members) if (until <= now) over.push(id);
    for (const id of over) topic.members.delete(id);
    this.#tell(topic, [], over);
  }

  #tell(topic: Topic, put: readonly BrokerMember[], removed: readonly string[]): void {
    if (put.length === 0 && removed.length === 0) return;
    const previousTag = topic.tag;
    topic.version++;
    topic.tag = 1 + Math.floor(this.#environment.random() * 0xffff_ffff);
    const { epoch, version, tag } = topic;
    for (const listener of [...topic.listeners]) listener.changed({ epoch, version, tag, previousTag, put, removed });
  }

  #topic(name: string): Topic {
    const known = this.#topics.get(name);
    if (known !== undefined) return known;
    // Versions begin anew with it, so its epoch does too.
    const epoch = this.#environment.createId();
    const topic = { epoch, version: 0, tag: 0, members: new Map(), listeners: new Set<never>() };
    this.#topics.set(name, topic);
    return topic;
  }

  #closeUnused(name: string, topic: Topic): void {
    if (topic.members.size > 0 || topic.listeners.size > 0) return;
    if (this.#topics.get(name) === topic) this.#topics.delete(name);
  }
}

function isSame(one: BrokerMember | undefined, { subject, state }: BrokerMember): boolean {
  return one !== undefined && one.subject === subject && one.state === state;
}
