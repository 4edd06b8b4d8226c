import type { CallTable } from '../calls/call-table.ts';
import { CallError, ProtocolError } from '../errors.ts';
import type { EncodedMessage } from '../message/binary.ts';
import { encodeUnsubscribe } from '../message/encode.ts';
import { type ChannelMessage, MessageType } from '../message/messages.ts';
import type { Serializer } from '../message/serializer.ts';
import { decodeValue } from '../message/value.ts';
import { readPosition } from './position.ts';
import type { TopicCompanion } from './topic-companion.ts';
import { type SubscriptionObserver, TopicSubscription, type TopicSubscriptionOptions } from './topic-subscription.ts';

/**
 * The topics this client wants, whether or not there is a connection. Each is one subscription on the wire whatever
 * the number of its local subscribers, and is asked for again, from where it stood, on every new session.
 */
export class SubscriptionTable {
  readonly #serializer: Serializer;
  readonly #calls: CallTable;
  readonly #byName: Map<string, TopicSubscription> = new Map();
  /** What goes along with topics, by their names; one goes with its topic. */
  readonly companions: Map<string, TopicCompanion> = new Map();
  readonly #byTopic: Map<number, TopicSubscription> = new Map();
  /** For messages about topics that were asked for: without a session there are none. */
  #send: (message: EncodedMessage) => void = () => {};
  /** Whether topics can be asked for. */
  #isOpen = false;

  constructor(serializer: Serializer, calls: CallTable) {
    this.#serializer = serializer;
    this.#calls = calls;
  }

  /** Topics wanted. */
  get size(): number {
    let size = 0;
    for (const { observers } of this.#byName.values()) if (observers.size > 0) size++;
    return size;
  }

  /** The number of a topic while it is followed. */
  numberOf(name: string): number | null {
    return this.#byName.get(name)?.topic ?? null;
  }

  /** Adds a subscriber of a topic; the returned function takes it away and may be called more than once. */
  subscribe(options: TopicSubscriptionOptions, observer: SubscriptionObserver, now: number): () => void {
    let subscription = this.#byName.get(options.name);
    if (subscription === undefined) {
      subscription = this.#add(options);
      if (this.#isOpen) this.#calls.start(subscription, now);
    }
    const joined = subscription;
    if (joined.topic !== null && joined.isOutgrown) this.#restart(joined, joined.topic, now);
    joined.join(observer);
    return () => this.#leave(joined, observer);
  }

  /** A new session is open. Call it as the `first` of the call table's: what waits there is bounded, this is not. */
  connected(send: (message: EncodedMessage) => void, now: number): void {
    // No topic has a number yet.
    this.resumed(send, now);
  }

  /** The connection is lost, but the session may go on: new topics wait, and `post` takes what concerns the others. */
  suspended(post: (message: EncodedMessage) => void): void {
    this.#send = post;
    this.#isOpen = false;
  }

  /** The session goes on. Call it as the `first` of the call table's: asks for the topics that came meanwhile. */
  resumed(send: (message: EncodedMessage) => void, now: number): void {
    this.#send = send;
    this.#isOpen = true;
    for (const subscription of [...this.#byName.values()]) {
      // One that began between the two tables' `disconnected` has waited with the calls.
      if (subscription.topic === null && !this.#calls.has(subscription)) this.#calls.start(subscription, now);
    }
  }

  disconnected(): void {
    this.#isOpen = false;
    this.#byTopic.clear();
    for (const companion of this.companions.values()) companion.lost();
    for (const subscription of [...this.#byName.values()]) {
      if (subscription.observers.size === 0) this.#remove(subscription, null);
      else subscription.interrupted();
    }
  }

  /** @throws {ProtocolError} for an answer to something that was never asked, a number given twice, or a malformed event. */
  receive(message: ChannelMessage): void {
    switch (message[0]) {
      case MessageType.Subscribed: {
        const request = this.#calls.find(message[1]);
        if (request === null) return;
        if (!(request instanceof TopicSubscription)) throw new ProtocolError('MALFORMED', 'subscribed answers a call');
        this.#calls.settle(request);
        const snapshot = message.length > 5 ? ([decodeValue(this.#serializer, message, 5)] as const) : null;
        return this.#subscribed(request, message[2], message[3], message[4], snapshot);
      }
      case MessageType.Past: {
        const request = this.#calls.find(message[1]);
        if (request === null) return;
        if (request.past === undefined) throw new ProtocolError('MALFORMED', 'the past answers a call');
        return request.past(decodeValue(this.#serializer, message, 4), message[2], message[3]);
      }
      case MessageType.Event: {
        // Events cross our unsubscribe on the wire: an unknown topic is noise.
        const subscription = this.#byTopic.get(message[1]);
        if (subscription === undefined) return;
        return subscription.deliver(decodeValue(this.#serializer, message, 4), message[2], message[3]);
      }
      case MessageType.Gap: {
        const subscription = this.#byTopic.get(message[1]);
        // A state that lacks something is none to go on from: the answer tells of the gap, and brings a new one.
        if (subscription?.hasState) return this.#restart(subscription, message[1], 0);
        return subscription?.gap(readPosition(message[2]), message[3] ?? null);
      }
      case MessageType.Skip:
        return this.#byTopic.get(message[1])?.skip(message[2], message[3]);
      case MessageType.Presence:
      case MessageType.Standing: {
        const subscription = this.#byTopic.get(message[1]);
        return subscription && this.#companionOf(subscription)?.receive(message);
      }
      case MessageType.Ended: {
        const subscription = this.#byTopic.get(message[1]);
        if (subscription === undefined) return;
        const data = decodeValue(this.#serializer, message, 4);
        const error = new CallError(message[2], message[3], { data, delivery: 'answered' });
        return this.#remove(subscription, error);
      }
    }
  }

  /** The client is closed: every subscription ends. */
  close(): void {
    this.#isOpen = false;
    for (const subscription of [...this.#byName.values()]) this.#remove(subscription, null);
  }

  #companionOf({ options }: TopicSubscription): TopicCompanion | undefined {
    return this.companions.get(options.name);
  }

  #add(options: TopicSubscriptionOptions): TopicSubscription {
    const subscription = new TopicSubscription(options);
    subscription.onRefused = (error) => this.#remove(subscription, error);
    this.#byName.set(options.name, subscription);
    return subscription;
  }

  #subscribed(
    subscription: TopicSubscription,
    topic: number,
    position: Parameters<typeof readPosition>[0],
    outcome: Parameters<TopicSubscription['subscribed']>[2],
    snapshot: Parameters<TopicSubscription['subscribed']>[3],
  ): void {
    const holder = this.#byTopic.get(topic);
    if (holder !== undefined && holder !== subscription)
      throw new ProtocolError('MALFORMED', 'one number for two topics');
    if (subscription.observers.size === 0) {
      this.#remove(subscription, null);
      return this.#send(encodeUnsubscribe(topic));
    }
    this.#byTopic.set(topic, subscription);
    // Before observers, whose handlers may look: what they ask goes out once.
    this.#companionOf(subscription)?.opened(topic);
    subscription.subscribed(topic, readPosition(position), outcome, snapshot);
    if (subscription.lacksState) this.#restart(subscription, topic, 0);
  }

  /** Has the topic begin anew, for the state it stands at now. A subscription has no deadline, so `now` may be any. */
  #restart(subscription: TopicSubscription, topic: number, now: number): void {
    this.#byTopic.delete(topic);
    this.#companionOf(subscription)?.lost();
    subscription.beginAnew();
    this.#send(encodeUnsubscribe(topic));
    if (this.#isOpen) this.#calls.start(subscription, now);
  }

  #leave(subscription: TopicSubscription, observer: SubscriptionObserver): void {
    if (!subscription.observers.delete(observer) || subscription.observers.size > 0) return;
    // Asked for and not yet answered: it cannot be given back before it is named, and whoever comes meanwhile shares it.
    if (this.#calls.has(subscription)) return;
    const { topic } = subscription;
    this.#remove(subscription, null);
    if (topic !== null) this.#send(encodeUnsubscribe(topic));
  }

  #remove(subscription: TopicSubscription, error: CallError | null): void {
    if (subscription.topic !== null) this.#byTopic.delete(subscription.topic);
    if (this.#byName.get(subscription.options.name) === subscription) this.#byName.delete(subscription.options.name);
    this.#companionOf(subscription)?.lost();
    this.companions.delete(subscription.options.name);
    subscription.ended(error);
  }
}
