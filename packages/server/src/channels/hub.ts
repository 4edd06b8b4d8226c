import type {
  Broker,
  BrokerPublication,
  BrokerRead,
  BrokerReadLimits,
  BrokerReceipt,
  Position,
  SubscribeOutcome,
  TimerEnvironment,
} from '@typewire/core';
import type { Backlog } from './backlog.ts';
import { type BrokerFailure, BrokerOutage } from './broker-outage.ts';
import { countBetween, follows, positionBefore } from './chain.ts';
import { type ChannelDelivery, plainDelivery } from './delivery.ts';
import { FanOutTick } from './fan-out-tick.ts';
import { HubTopic, type JoiningReceiver, type TopicHost } from './hub-topic.ts';
import { JoinRetry } from './join-retry.ts';
import { type JoinRequest, PastReader } from './past-reader.ts';
import { PositionCheck } from './position-check.ts';
import { RetryWaits } from './retry-waits.ts';
import { type SlowLoad, SlowReceivers } from './slow-receivers.ts';
import type { TopicReceiver } from './topic-receiver.ts';

/** The answer to a subscribe. The caller sends `subscribed` at once, before anything else can happen. */
export interface Joined {
  readonly topic: HubTopic;
  /** Where the subscriber stands once it is told: before the events that follow. */
  readonly position: Position;
  readonly outcome: SubscribeOutcome;
}

export interface HubOptions {
  readonly broker: Broker;
  readonly environment: Pick<TimerEnvironment, 'now' | 'random' | 'setTimer'>;
  /** Bounds of what one subscriber recovers. */
  readonly limits: BrokerReadLimits;
  /** Time between two comparisons of a topic's position with the broker's, in milliseconds. */
  readonly positionCheckMs: number;
  /** Topics have something to send: `tick.flush` is to be called before the tick ends. */
  readonly pending: () => void;
  /** Told that the broker fails, once until it answers again. @default nobody */
  readonly onOutage?: (error: unknown, topic: string) => void;
}

/** What a publication is without anything asked for. */
export const publicationDefaults: Omit<BrokerPublication, 'payload' | 'history'> = {
  key: null,
  exclude: null,
  idempotencyKey: null,
};

/** The topics that connections of this process follow, each with one subscription at the broker. */
export class Hub implements TopicHost {
  readonly #broker: Broker;
  readonly #environment: HubOptions['environment'];
  readonly #reader: PastReader;
  readonly #check: PositionCheck | null;
  readonly #slow: SlowReceivers;
  readonly #outage: BrokerOutage;
  readonly #waits: RetryWaits;
  readonly #topics: Map<string, HubTopic> = new Map();
  readonly maxHeld: number;
  readonly tick: FanOutTick;
  #lastNumber = 0;

  constructor({ broker, environment, limits, positionCheckMs, pending, onOutage = () => {} }: HubOptions) {
    this.#broker = broker;
    this.#environment = environment;
    this.tick = new FanOutTick(pending);
    this.maxHeld = Math.max(limits.events, 1);
    this.#slow = new SlowReceivers(this.setTimer);
    this.#outage = new BrokerOutage(onOutage);
    this.#reader = new PastReader(broker, limits, this.#outage);
    this.#waits = new RetryWaits({ random: () => environment.random(), setTimer: this.setTimer });
    const isChecked = broker.isLossless !== true && positionCheckMs !== Number.POSITIVE_INFINITY;
    this.#check = isChecked ? new PositionCheck({ broker, environment, intervalMs: positionCheckMs }) : null;
  }

  get size(): number {
    return this.#topics.size;
  }

  get slow(): SlowLoad {
    return this.#slow.load;
  }

  /** @throws {BrokerFailure} when the broker rejects; the event may have been published all the same. */
  async publish(name: string, publication: BrokerPublication): Promise<BrokerReceipt> {
    const topic = this.#topics.get(name);
    // Who has asked to follow it here hears of it, though the broker may not have answered yet.
    if (topic !== undefined && !topic.isReady) await topic.ready.catch(() => {});
    return this.#outage.ask(() => this.#broker.publish(name, publication));
  }

  /**
   * Adds a receiver once `gate` lets it in. It gets every event from this moment on, however long the gate takes.
   * `onJoined` runs in the same tick in which the receiver begins to get events, before the first of them: first the
   * answer, then the past, then what happened while the past was read, without hole or repeat. With `loadState` the
   * state takes the place of the past, for whom not all that was missed can be read.
   *
   * While the broker fails it is asked again and again, until the receiver leaves; what `gate` rejects with is the end
   * at once.
   */
  async join(
    name: string,
    request: JoinRequest,
    receiver: TopicReceiver,
    onJoined: (joined: Joined) => void,
    gate: Promise<void> = Promise.resolve(),
    delivery: ChannelDelivery = plainDelivery,
  ): Promise<void> {
    const topic = this.#open(name, delivery);
    const joining: JoiningReceiver = { held: [] };
    topic.joining.add(joining);
    const retry = new JoinRetry(this.#waits, receiver, (error) => {
      this.#outage.failed(error, name);
      request.delayed?.();
    });
    try {
      await Promise.all([retry.run(() => this.#ready(topic)), gate]);
      const { outcome, start, events } = await retry.run(() => this.#reader.pastFor(topic, joining, request));
      topic.joining.delete(joining);
      const position = outcome === 'recovered' ? (request.position as Position) : start;
      topic.admit(receiver);
      onJoined({ topic, position, outcome });
      // Told that it is in, it may be gone.
      if (!topic.has(receiver)) return;
      let at = start;
      for (const event of events) {
        const before = positionBefore(event);
        if (!follows(at, event)) receiver.sendShared(topic.messages.gap(before, countBetween(at, before)));
        receiver.sendShared(topic.messages.eventFor(receiver.id, event));
        at = event.position;
      }
      topic.admitted(receiver, at, events);
    } finally {
      retry.end();
      topic.joining.delete(joining);
      this.#closeUnused(topic);
    }
  }

  /** The receiver has left for good: what it waits for ends. */
  abandon(receiver: TopicReceiver): void {
    this.#waits.leave(receiver);
  }

  /** What the broker failed a receiver's request with is told, if it has not been. */
  failed(error: BrokerFailure, topic: string): void {
    this.#outage.failed(error, topic);
  }

  leave(topic: HubTopic, receiver: TopicReceiver): void {
    topic.delete(receiver);
    this.#closeUnused(topic);
  }

  /** There may be room again on the connection of a receiver, or a connection again. */
  drained(receiver: TopicReceiver): void {
    this.#slow.drain(receiver);
  }

  readSince(topic: string, position: Position): Promise<BrokerRead> {
    return this.#reader.since(topic, position);
  }

  /** A page of the past, for whom that is enough. Rejects with {@link BrokerFailure} when the broker does. */
  readBefore(topic: string, position: Position | null, count: number): Promise<BrokerRead> {
    return this.#reader.before(topic, position, count);
  }

  // A property, because topics hand it on.
  readonly setTimer = (delayMs: number, callback: () => void): (() => void) =>
    this.#environment.setTimer(delayMs, callback);

  fellBehind(backlog: Backlog): void {
    this.#slow.add(backlog);
  }

  caughtUp(backlog: Backlog): void {
    this.#slow.delete(backlog);
  }

  doubt(topic: HubTopic): void {
    this.#check?.soon(topic);
  }

  #open(name: string, delivery: ChannelDelivery): HubTopic {
    const known = this.#topics.get(name);
    if (known !== undefined) return known;
    const topic = new HubTopic(name, ++this.#lastNumber, delivery, this);
    this.#topics.set(name, topic);
    this.#follow(topic);
    return topic;
  }

  /** Of those who wait for a topic that the broker refused, the first asks again for all. */
  #ready(topic: HubTopic): Promise<void> {
    if (topic.hasFailed) this.#follow(topic);
    return topic.ready;
  }

  #follow(topic: HubTopic): void {
    const { name } = topic;
    topic.hasFailed = false;
    topic.ready = this.#outage
      .ask(() => this.#broker.subscribe(name, topic))
      .then((stop) => {
        // Everybody may have left while the broker answered.
        if (this.#topics.get(name) !== topic) return stop();
        topic.opened(stop);
        this.#check?.add(topic);
      });
    topic.ready.catch(() => {
      topic.hasFailed = true;
    });
  }

  #closeUnused(topic: HubTopic): void {
    if (!topic.isUnused || this.#topics.get(topic.name) !== topic) return;
    this.#topics.delete(topic.name);
    this.#check?.delete(topic);
    topic.close();
  }
}
