import type { OutgoingRequest } from '../calls/outgoing-call.ts';
import { type CallError, ProtocolError } from '../errors.ts';
import type { EncodedMessage, EncodedValue } from '../message/binary.ts';
import { encodeSubscribe } from '../message/encode.ts';
import type { SubscribeOutcome } from '../message/messages.ts';
import type { Position } from './position.ts';

/** What a local subscriber of a topic is told, in order. */
export interface SubscriptionObserver {
  /** The server has taken the subscription, at first and again after each lost connection. */
  subscribed(outcome: SubscribeOutcome, position: Position): void;
  event(event: unknown, position: Position): void;
  /** Events up to `position` were missed and cannot be had any more: `missed` of them, or `null` when that is not known. */
  gap(position: Position, missed: number | null): void;
  /** The state of the topic: what there was before `position` is in it, and events follow. */
  snapshot(state: unknown, position: Position): void;
  /** The connection is gone; the subscription comes back with it. */
  interrupted(): void;
  /** The last call: the server refused or ended the subscription, or, with `null`, the client was closed. */
  ended(error: CallError | null): void;
}

export interface TopicSubscriptionOptions {
  /** Key of this subscription in its table. */
  readonly name: string;
  /** JSON text of the path. */
  readonly path: string;
  /** What `encodeValue` made of the parameters. */
  readonly params: EncodedValue;
  /** Past events wanted on the first subscribe, and again after a gap. */
  readonly rewind: number;
}

/** Most events kept behind a snapshot for those who join later; beyond it they have the topic begin anew. */
const MAX_SINCE_SNAPSHOT = 1_000;

/** The state of a topic, as the server last gave it. */
interface Snapshot {
  readonly state: unknown;
  readonly position: Position;
}

/**
 * One topic on the wire, shared by every local subscriber of it. The position moves exactly with delivery: before the
 * observers are called, so that one which subscribes again inside its handler neither repeats nor skips an event.
 */
export class TopicSubscription implements OutgoingRequest {
  id = 0;
  readonly deadline: number = Number.POSITIVE_INFINITY;
  /** The table subscribes again by itself, with the position of then. */
  readonly repeatable = false;
  readonly answer = 'result';
  readonly upload = null;
  readonly options: TopicSubscriptionOptions;
  readonly observers: Set<SubscriptionObserver> = new Set();
  /** Number the server gave the topic, while subscribed. */
  topic: number | null = null;
  /** Told when the server refuses. */
  onRefused: (error: CallError) => void = () => {};
  #position: Position | null = null;
  #outcome: SubscribeOutcome = 'fresh';
  /** The server gives the topic's state; without `#snapshot` what is kept of it is no longer enough to join by. */
  #hasState = false;
  #snapshot: Snapshot | null = null;
  /** They joined while the topic was not followed, and have been told nothing. */
  readonly #newcomers: Set<SubscriptionObserver> = new Set();
  /** The server is to be asked as if for the first time. */
  #beginsAnew = false;
  /** What those who join later are given: the latest `rewind` events, or those since the snapshot. */
  readonly #recent: Array<readonly [event: unknown, position: Position]> = [];

  constructor(options: TopicSubscriptionOptions) {
    this.options = options;
  }

  get size(): number {
    return this.options.path.length + this.options.params.length;
  }

  encode(id: number): EncodedMessage {
    const { path, params, rewind } = this.options;
    return encodeSubscribe(id, path, this.#beginsAnew ? null : this.#position, rewind, params);
  }

  get hasState(): boolean {
    return this.#hasState;
  }

  /** Who joins now needs the state anew. */
  get isOutgrown(): boolean {
    return this.#hasState && this.#snapshot === null;
  }

  /** Somebody who has joined still does. */
  get lacksState(): boolean {
    return this.isOutgrown && this.#newcomers.size > 0;
  }

  /** What is known of the topic is given up: the next answer tells of a gap, and brings the state. */
  beginAnew(): void {
    this.topic = null;
    this.#beginsAnew = true;
  }

  /** Adds a subscriber; one that joins a running subscription is brought to where the others are. */
  join(observer: SubscriptionObserver): void {
    this.observers.add(observer);
    if (this.topic === null || this.#position === null) this.#newcomers.add(observer);
    else this.#bring(observer, this.#position);
  }

  #bring(observer: SubscriptionObserver, position: Position): void {
    observer.subscribed(this.#outcome, this.#snapshot?.position ?? position);
    if (this.#snapshot !== null) observer.snapshot(this.#snapshot.state, this.#snapshot.position);
    for (const [event, position] of [...this.#recent]) {
      if (this.observers.has(observer)) observer.event(event, position);
    }
  }

  /** `snapshot` holds the state of the topic, if the server gives one. */
  subscribed(
    topic: number,
    position: Position,
    answered: SubscribeOutcome,
    snapshot: readonly [state: unknown] | null = null,
  ): void {
    // A server that begins anew when it was asked to go on says nothing of what is missing in between.
    const before = this.#position;
    const outcome = answered === 'fresh' && before !== null ? this.#outcomeAnew(before, position) : answered;
    const isSameLog = before?.epoch === position.epoch && position.offset > before.offset;
    const missed = isSameLog ? position.offset - before.offset : null;
    this.topic = topic;
    this.#beginsAnew = false;
    this.#position = position;
    this.#outcome = outcome;
    if (outcome !== 'recovered' || snapshot !== null) this.#begin(position, snapshot);
    const isRecovered = outcome === 'recovered' && snapshot === null;
    this.#tell((observer) => {
      if (isRecovered && this.#newcomers.has(observer)) return this.#bring(observer, position);
      observer.subscribed(outcome, position);
      if (outcome === 'gap') observer.gap(position, missed);
      if (snapshot !== null) observer.snapshot(snapshot[0], position);
    });
    if (!this.isOutgrown) this.#newcomers.clear();
  }

  deliver(event: unknown, offset: number, tag: number): void {
    const before = this.#position;
    if (before === null || offset <= before.offset) return;
    const position = { epoch: before.epoch, offset, tag };
    const missed = offset - before.offset - 1;
    this.#position = position;
    // Who joins later is not given events with a hole between them that nobody tells of.
    if (missed > 0) this.#recent.length = 0;
    this.#keep(event, position);
    this.#tell((observer) => {
      if (missed > 0) observer.gap(position, missed);
      observer.event(event, position);
    });
  }

  gap(position: Position, missed: number | null): void {
    this.#position = position;
    this.#recent.length = 0;
    this.#tell((observer) => observer.gap(position, missed));
  }

  /** What lies between was left out on purpose, and is nobody's loss. */
  skip(offset: number, tag: number): void {
    const before = this.#position;
    if (before !== null && offset > before.offset) this.#position = { epoch: before.epoch, offset, tag };
  }

  interrupted(): void {
    if (this.topic === null) return;
    this.topic = null;
    this.#tell((observer) => observer.interrupted());
  }

  ended(error: CallError | null): void {
    this.topic = null;
    this.#tell((observer) => observer.ended(error));
    this.observers.clear();
  }

  result(): void {
    throw new ProtocolError('MALFORMED', 'a subscribe was answered like a call');
  }

  // Never told: what is not answered with items gets none.
  item(): void {}

  tracked(): void {}

  end(): void {}

  fail(error: CallError): void {
    // A connection lost while subscribing: the table tries again on the next one. What is too large stays so.
    if (error.delivery === 'answered' || error.code === 'LIMIT_EXCEEDED') this.onRefused(error);
  }

  /** Of a topic in which nothing has happened since, nothing is missing. */
  #outcomeAnew(before: Position, { epoch, offset, tag }: Position): SubscribeOutcome {
    const isSame = before.epoch === epoch && before.offset === offset && before.tag === tag;
    return this.#beginsAnew && isSame ? 'recovered' : 'gap';
  }

  #begin(position: Position, snapshot: readonly [state: unknown] | null): void {
    this.#recent.length = 0;
    this.#hasState = snapshot !== null;
    this.#snapshot = snapshot && { state: snapshot[0], position };
  }

  #keep(event: unknown, position: Position): void {
    if (this.#hasState ? this.#snapshot === null : this.options.rewind === 0) return;
    this.#recent.push([event, position]);
    if (this.#recent.length <= (this.#hasState ? MAX_SINCE_SNAPSHOT : this.options.rewind)) return;
    if (!this.#hasState) return void this.#recent.shift();
    this.#snapshot = null;
    this.#recent.length = 0;
  }

  /** Over a copy: observers may leave and join inside their handlers. */
  #tell(tell: (observer: SubscriptionObserver) => void): void {
    for (const observer of [...this.observers]) if (this.observers.has(observer)) tell(observer);
  }
}
