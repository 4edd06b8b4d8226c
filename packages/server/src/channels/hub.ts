import type { Position, SubscribeOutcome } from '@typewire/core';
import type { Broker, BrokerEvent, BrokerHistory, BrokerRead } from '../broker/broker.ts';
import { beforeEvent, HubTopic, isNext, type JoiningReceiver, type TopicReceiver } from './hub-topic.ts';

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

  publish(name: string, payload: BrokerEvent['payload'], history: BrokerHistory | null): Promise<Position> {
    return this.#broker.publish(name, payload, history);
  }

  /**
   * Adds a receiver once `gate` lets it in. It gets every event from this moment on, however long the gate takes.
   * `onJoined` runs in the same tick in which the receiver begins to get events, before the first of them: first the
   * answer, then the past, then what happened while the past was read, without hole or repeat.
   */
  async join(
    name: string,
    request: JoinRequest,
    receiver: TopicReceiver,
    onJoined: (joined: Joined) => void,
    gate: Promise<void> = Promise.resolve(),
  ): Promise<void> {
    const topic = this.#open(name);
    const joining: JoiningReceiver = { held: [], maxHeld: Math.max(this.#maxEvents, 1) };
    topic.joining.add(joining);
    try {
      await Promise.all([topic.ready, gate]);
      const early = joining.held.length;
      const [outcome, read] = await this.#read(name, request, early);
      topic.joining.delete(joining);
      topic.receivers.add(receiver);
      const { events, after } = merge(read, joining.held, early, outcome !== 'recovered');
      const start = outcome === 'recovered' ? request.position : null;
      onJoined({ topic, position: start ?? positionBefore(events, read), outcome });
      for (const event of events) receiver.sendShared(topic.encode(event));
      let { position } = read;
      for (const event of after) {
        if (!isNext(position, event.position)) receiver.sendShared(topic.encodeGap(event));
        receiver.sendShared(topic.encode(event));
        position = event.position;
      }
    } finally {
      topic.joining.delete(joining);
      this.#closeUnused(topic);
    }
  }

  leave(topic: HubTopic, receiver: TopicReceiver): void {
    topic.receivers.delete(receiver);
    this.#closeUnused(topic);
  }

  /** What is missed if that can be told, and otherwise what a newcomer gets: the past before the `early` events. */
  async #read(name: string, { position, rewind }: JoinRequest, early: number): Promise<[SubscribeOutcome, BrokerRead]> {
    if (position !== null) {
      const read = await this.#broker.read(name, { type: 'since', position }, this.#maxEvents);
      if (read.complete) return ['recovered', read];
    }
    const read = await this.#broker.read(name, { type: 'last', count: rewind + early }, this.#maxEvents);
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

/**
 * Joins what was read and what was heard meanwhile. `events` reach up to where the log stood when it was read, `after`
 * comes behind. Of the events heard, the first `early` came before the reading began.
 */
function merge(
  read: BrokerRead,
  held: readonly BrokerEvent[],
  early: number,
  withHeld: boolean,
): { readonly events: readonly BrokerEvent[]; readonly after: readonly BrokerEvent[] } {
  const { epoch, offset } = read.position;
  // Another log's events: of the one before when they came first, else of the one that followed.
  const known = held.findIndex(({ position }) => position.epoch === epoch);
  const current = held.slice(known === -1 ? early : known);
  const after = current.filter(({ position }) => position.epoch !== epoch || position.offset > offset);
  if (!withHeld) return { events: read.events, after };
  // A log without history gives nothing of what happened since the receiver asked, but it was heard.
  const first = read.events[0]?.position.offset ?? offset + 1;
  const heard = current.filter(({ position }) => position.epoch === epoch && position.offset < first);
  const whole = heard.length > 0 && heard.at(-1)?.position.offset === first - 1;
  return { events: whole ? [...heard, ...read.events] : read.events, after };
}

/** The subscriber's position before the events it is about to get; afterwards each event moves it by one. */
function positionBefore([first]: readonly BrokerEvent[], read: BrokerRead): Position {
  return first === undefined ? read.position : beforeEvent(first.position);
}
