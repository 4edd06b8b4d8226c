import type { Position, SubscribeOutcome } from '@typewire/core';
import type { Broker, BrokerHistory, BrokerRead } from '../broker/broker.ts';
import { HubTopic, type JoiningReceiver, type TopicReceiver } from './hub-topic.ts';

export interface JoinRequest {
  /** Where the subscriber stood, or `null` for one that comes for the first time. */
  readonly position: Position | null;
  /** Past events wanted by one that comes for the first time, or after a gap. */
  readonly rewind: number;
}

/** The answer to a subscribe. The caller sends `subscribed` and hands on `events`, before anything else can happen. */
export interface Joined {
  readonly topic: HubTopic;
  /** Where the subscriber stands once it is told: before `events`. */
  readonly position: Position;
  readonly outcome: SubscribeOutcome;
}

/** The topics that connections of this process follow, each with one subscription at the broker. */
export class Hub {
  readonly #broker: Broker;
  readonly #maxEvents: number;
  readonly #topics: Map<string, HubTopic> = new Map();
  #lastNumber = 0;

  constructor(broker: Broker, maxEvents: number) {
    this.#broker = broker;
    this.#maxEvents = maxEvents;
  }

  get size(): number {
    return this.#topics.size;
  }

  publish(name: string, payload: string, history: BrokerHistory | null): Promise<Position> {
    return this.#broker.publish(name, payload, history);
  }

  /**
   * Adds a receiver. `onJoined` runs in the same tick in which the receiver begins to get events, before the first of
   * them: first the answer, then the past, then what happened while the past was read, without hole or repeat.
   */
  async join(
    name: string,
    request: JoinRequest,
    receiver: TopicReceiver,
    onJoined: (joined: Joined) => void,
  ): Promise<void> {
    const topic = this.#open(name);
    const joining: JoiningReceiver = { held: [] };
    topic.joining.add(joining);
    try {
      await topic.ready;
      const [outcome, read] = await this.#read(name, request);
      topic.joining.delete(joining);
      topic.receivers.add(receiver);
      const start = outcome === 'recovered' ? request.position : null;
      onJoined({ topic, position: start ?? positionBefore(read), outcome });
      for (const event of read.events) receiver.sendShared(topic.encode(event));
      for (const event of topic.heldAfter(joining, read.position)) receiver.sendShared(topic.encode(event));
    } finally {
      topic.joining.delete(joining);
      this.#closeUnused(topic);
    }
  }

  leave(topic: HubTopic, receiver: TopicReceiver): void {
    topic.receivers.delete(receiver);
    this.#closeUnused(topic);
  }

  /** What is missed if that can be told, and otherwise what a newcomer gets. */
  async #read(name: string, { position, rewind }: JoinRequest): Promise<[SubscribeOutcome, BrokerRead]> {
    if (position !== null) {
      const read = await this.#broker.read(name, { type: 'since', position }, this.#maxEvents);
      if (read.complete) return ['recovered', read];
    }
    const read = await this.#broker.read(name, { type: 'last', count: rewind }, this.#maxEvents);
    return [position === null ? 'fresh' : 'gap', read];
  }

  #open(name: string): HubTopic {
    const known = this.#topics.get(name);
    if (known !== undefined) return known;
    const topic = new HubTopic(name, ++this.#lastNumber);
    this.#topics.set(name, topic);
    topic.ready = this.#broker
      .subscribe(name, (event) => topic.deliver(event))
      .then((stop) => {
        // Everybody may have left while the broker answered.
        if (this.#topics.get(name) === topic) topic.stop = stop;
        else stop();
      });
    return topic;
  }

  #closeUnused(topic: HubTopic): void {
    if (!topic.isUnused || this.#topics.get(topic.name) !== topic) return;
    this.#topics.delete(topic.name);
    topic.stop();
  }
}

/** The subscriber's position before the events it is about to get; afterwards each event moves it by one. */
function positionBefore(read: BrokerRead): Position {
  const first = read.events[0];
  return first === undefined ? read.position : { ...read.position, offset: first.position.offset - 1, tag: 0 };
}
