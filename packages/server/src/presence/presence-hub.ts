import { type BrokerPresence, PRESENCE_TTL_MS, type TimerEnvironment } from '@typewire/core';
import { PresenceTopic, type PresenceTopicHost } from './presence-topic.ts';

/** Time between two refreshes of what this process has at the broker, in milliseconds. */
const REFRESH_MS = 25_000;

/** The presence of topics on which sessions of this process are, or at which they look. */
export class PresenceHub implements PresenceTopicHost {
  readonly presence: BrokerPresence;
  readonly #environment: Pick<TimerEnvironment, 'setTimer'>;
  readonly #topics: Map<string, PresenceTopic> = new Map();
  #cancel: (() => void) | null = null;

  constructor(presence: BrokerPresence, environment: Pick<TimerEnvironment, 'setTimer'>) {
    this.presence = presence;
    this.#environment = environment;
  }

  get size(): number {
    return this.#topics.size;
  }

  /** The topic of a name, for a session that is to give it back with `release`. */
  open(name: string, windowMs: number): PresenceTopic {
    const topic = this.#topics.get(name) ?? new PresenceTopic(name, windowMs, this);
    topic.users++;
    this.#topics.set(name, topic);
    this.#cancel ??= this.setTimer(REFRESH_MS, () => this.#refresh());
    return topic;
  }

  release(topic: PresenceTopic): void {
    topic.users--;
    if (topic.isUnused) this.unused(topic);
  }

  setTimer(delayMs: number, callback: () => void): () => void {
    return this.#environment.setTimer(delayMs, callback);
  }

  unused(topic: PresenceTopic): void {
    if (this.#topics.get(topic.name) === topic) this.#topics.delete(topic.name);
    if (this.#topics.size > 0) return;
    this.#cancel?.();
    this.#cancel = null;
  }

  close(): void {
    for (const topic of this.#topics.values()) topic.close();
    this.#topics.clear();
    this.#cancel?.();
    this.#cancel = null;
  }

  #refresh(): void {
    this.#cancel = this.setTimer(REFRESH_MS, () => this.#refresh());
    const asked = [...this.#topics.values()].map((topic) => ({ topic, at: topic.version }));
    const members = new Map(asked.map(({ topic }) => [topic.name, topic.ownMembers]));
    this.presence.refresh(members, PRESENCE_TTL_MS).then(
      (answer) => {
        for (const { topic, at } of asked) {
          const version = answer.get(topic.name);
          if (version !== undefined) topic.refreshed(version, at);
        }
      },
      // Members last for more than one refresh.
      () => {},
    );
  }
}
