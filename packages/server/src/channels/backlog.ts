import type { BrokerEvent, BrokerRead, Position, SharedMessage } from '@typewire/core';
import { countBetween, isSame, positionBefore } from './chain.ts';
import type { ChannelDelivery } from './delivery.ts';
import type { TopicMessages } from './topic-messages.ts';
import type { TopicReceiver } from './topic-receiver.ts';

/** What a backlog needs of its topic. */
export interface BacklogHost {
  readonly messages: TopicMessages;
  readonly delivery: ChannelDelivery;
  /** Everything after a position. */
  readSince(position: Position): Promise<BrokerRead>;
  /** Nothing waits any more: the receiver takes what comes as the others do. */
  caughtUp(backlog: Backlog): void;
}

interface Entry {
  readonly event: BrokerEvent;
  readonly message: SharedMessage;
}

/**
 * - `queue`: what came waits in `entries`.
 * - `behind`: it was too much, and is read from the log when there is room again.
 * - `reading`: that is under way, and what comes meanwhile waits.
 */
type Phase = 'queue' | 'behind' | 'reading';

/** What waits for one subscriber of a topic whose connection takes no more. Subscribers that keep up have none. */
export class Backlog {
  readonly receiver: TopicReceiver;
  readonly #host: BacklogHost;
  /** By what replaces them: the key of the event, or else its offset. Oldest first. */
  readonly #entries: Map<string | number, Entry> = new Map();
  #size = 0;
  /** What the receiver has been told of … */
  #told: Position;
  /** … and the topic has come to. */
  #end: Position;
  /** Something before the first entry was lost, and the receiver must be told. */
  #hasLost = false;
  #phase: Phase = 'queue';
  #closed = false;

  constructor(receiver: TopicReceiver, host: BacklogHost, position: Position) {
    this.receiver = receiver;
    this.#host = host;
    this.#told = position;
    this.#end = position;
  }

  /** What waits, in UTF-16 units, or bytes of binary messages. */
  get size(): number {
    return this.#size;
  }

  push(event: BrokerEvent, message: SharedMessage): void {
    this.#end = event.position;
    if (this.#closed || this.#phase === 'behind' || event.exclude === this.receiver.id) return;
    const { overflow, maxQueuedBytes } = this.#host.delivery;
    const key = overflow === 'latest-per-key' && event.key !== null ? event.key : event.position.offset;
    this.#remove(key);
    this.#entries.set(key, { event, message });
    this.#size += message.data.length;
    if (this.#size > maxQueuedBytes) this.#overflow();
  }

  /** The topic itself has a hole up to the position. */
  gap(position: Position): void {
    this.#end = position;
    if (this.#phase === 'behind') return;
    this.#clear();
    this.#hasLost = true;
  }

  /** Sends what waits while there is room. */
  drain(): void {
    if (this.#closed || this.#phase === 'reading' || !this.receiver.hasRoom) return;
    if (this.#phase === 'behind') return this.#read();
    for (const [key, { event, message }] of this.#entries) {
      if (!this.receiver.hasRoom) return;
      this.#remove(key);
      this.#moveTo(positionBefore(event));
      this.receiver.sendShared(message);
      this.#told = event.position;
    }
    this.#moveTo(this.#end);
    this.#host.caughtUp(this);
  }

  /** The receiver has left. */
  close(): void {
    this.#closed = true;
    this.#clear();
  }

  #overflow(): void {
    const { overflow, maxQueuedBytes } = this.#host.delivery;
    // What overflows while the log is read would overflow again: reading it once more leads nowhere.
    if (this.#phase === 'queue' && (overflow === 'block' || overflow === 'close')) {
      this.#clear();
      this.#phase = 'behind';
      if (overflow === 'close') this.receiver.closeSlow();
      return;
    }
    for (const key of this.#entries.keys()) {
      if (this.#size <= maxQueuedBytes || this.#entries.size === 1) break;
      this.#remove(key);
    }
    this.#hasLost = true;
  }

  #read(): void {
    this.#phase = 'reading';
    this.#host.readSince(this.#told).then(
      (read) => this.#wasRead(read),
      // A broker that does not answer is no reason to hold back what it tells; what it kept is lost here.
      () => this.#wasRead(null),
    );
  }

  #wasRead(read: BrokerRead | null): void {
    if (this.#closed) return;
    this.#phase = 'queue';
    if (read?.complete) {
      for (const event of read.events) this.receiver.sendShared(this.#host.messages.eventFor(this.receiver.id, event));
      this.#told = read.position;
      for (const [key, { event }] of this.#entries) {
        if (countBetween(read.position, event.position) === null) this.#remove(key);
      }
      if (this.#entries.size === 0 && !this.#isAhead) this.#hasLost = false;
    } else {
      this.#hasLost = true;
    }
    this.drain();
  }

  /** Brings the receiver to a position without an event, saying whether what lies between was lost or left out. */
  #moveTo(position: Position): void {
    const { messages } = this.#host;
    if (this.#hasLost) this.receiver.sendShared(messages.gap(position, countBetween(this.#told, position)));
    else if (isSame(this.#told, position) || countBetween(this.#told, position) === null) return;
    else this.receiver.sendShared(messages.skip(position));
    this.#hasLost = false;
    this.#told = position;
  }

  /** Whether the topic has come further than what the receiver was told of. */
  get #isAhead(): boolean {
    return this.#told.epoch !== this.#end.epoch || this.#end.offset > this.#told.offset;
  }

  #remove(key: string | number): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    this.#entries.delete(key);
    this.#size -= entry.message.data.length;
  }

  #clear(): void {
    this.#entries.clear();
    this.#size = 0;
  }
}
