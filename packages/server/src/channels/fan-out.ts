import type { BrokerEvent, BrokerRead, Position } from '@typewire/core';
import { Backlog, type BacklogHost } from './backlog.ts';
import type { ChannelDelivery } from './delivery.ts';
import { EventBatch, type Notice } from './event-batch.ts';
import type { FanOutTick } from './fan-out-tick.ts';
import type { TopicMessages } from './topic-messages.ts';
import type { TopicReceiver } from './topic-receiver.ts';

/** What sending to those who follow a topic needs of the hub. */
export interface FanOutHost {
  readSince(position: Position): Promise<BrokerRead>;
  /** Something waits for a receiver: `drain` is to be called when there is room for it. */
  fellBehind(backlog: Backlog): void;
  /** Nothing waits for it any more, or it has left. */
  caughtUp(backlog: Backlog): void;
  /** Told when something is collected. */
  readonly tick: FanOutTick;
}

/**
 * Those who follow a topic. What a tick brings is one message for all of them; only who cannot take it now, or is sent
 * something else meanwhile, costs more.
 */
export class FanOut implements BacklogHost {
  readonly messages: TopicMessages;
  readonly delivery: ChannelDelivery;
  readonly #host: FanOutHost;
  readonly #receivers: Set<TopicReceiver> = new Set();
  /** Made with the first receiver that falls behind. */
  #backlogs: Map<TopicReceiver, Backlog> | null = null;
  /** What this tick has brought so far. Those who have a backlog have it already. */
  #batch: EventBatch | null = null;

  constructor(messages: TopicMessages, delivery: ChannelDelivery, host: FanOutHost) {
    this.messages = messages;
    this.delivery = delivery;
    this.#host = host;
  }

  get isEmpty(): boolean {
    return this.#receivers.size === 0 && this.#backlogs === null;
  }

  get size(): number {
    return this.#receivers.size + (this.#backlogs?.size ?? 0);
  }

  has(receiver: TopicReceiver): boolean {
    return this.#receivers.has(receiver) || this.#backlogs?.has(receiver) === true;
  }

  /** It gets what comes from here on. */
  add(receiver: TopicReceiver): void {
    this.flush();
    this.#receivers.add(receiver);
  }

  delete(receiver: TopicReceiver): void {
    this.catchUp(receiver);
    this.#receivers.delete(receiver);
    const backlog = this.#backlogs?.get(receiver);
    if (backlog === undefined) return;
    backlog.close();
    this.#forget(backlog);
  }

  send(event: BrokerEvent): void {
    if (this.isEmpty) return;
    const message = this.messages.event(event);
    // Before those who wait are given it: who falls behind by this is one of them.
    if (this.#batch?.isFullWith(message) === true) this.flush();
    if (this.#backlogs !== null) for (const backlog of this.#backlogs.values()) backlog.push(event, message);
    this.#collect({ message, position: event.position, event });
  }

  /** What lies before and at the position was left out on purpose; those who wait see that by what comes next. */
  skip(position: Position): void {
    this.#collect({ message: this.messages.skip(position), position, event: null });
  }

  gap(position: Position, count: number | null): void {
    if (this.isEmpty) return;
    this.flush();
    const message = this.messages.gap(position, count);
    if (this.#backlogs !== null) for (const backlog of this.#backlogs.values()) backlog.gap(position);
    for (const receiver of this.#receivers) receiver.sendShared(message);
  }

  readSince(position: Position): Promise<BrokerRead> {
    return this.#host.readSince(position);
  }

  caughtUp(backlog: Backlog): void {
    this.#forget(backlog);
    this.add(backlog.receiver);
  }

  /** Sends what was collected. */
  flush(): void {
    const batch = this.#batch;
    if (batch === null) return;
    this.#batch = null;
    const joined = batch.join();
    for (const receiver of this.#receivers) {
      if (joined !== null && batch.isWholeFor(receiver) && receiver.hasRoomFor(joined)) receiver.sendShared(joined);
      else this.#sendEach(batch.notices, receiver, batch.toldTo(receiver));
    }
  }

  /** The receiver is about to be sent something else: it first gets what was collected before that. */
  catchUp(receiver: TopicReceiver): void {
    const batch = this.#batch;
    if (batch === null || !this.#receivers.has(receiver)) return;
    const told = batch.toldTo(receiver);
    batch.tell(receiver);
    this.#sendEach(batch.notices, receiver, told);
  }

  #collect(notice: Notice): void {
    if (this.#receivers.size === 0) return;
    if (this.#batch === null) {
      // It may have to flush another first.
      this.#host.tick.collects(this);
      this.#batch = new EventBatch();
    }
    this.#batch.add(notice);
    if (this.#batch.isFull) this.flush();
  }

  /** Sends one by one what the receiver has not been told yet; what it cannot take waits for it. */
  #sendEach(notices: readonly Notice[], receiver: TopicReceiver, told: number): void {
    for (let next = told; next < notices.length; ) {
      const { message, position, event } = notices[next++] as Notice;
      const isExcluded = event !== null && event.exclude === receiver.id;
      receiver.sendShared(isExcluded ? this.messages.skip(position) : message);
      if (receiver.isSlow && event !== null) return this.#fallBehind(receiver, position, notices.slice(next));
    }
  }

  #fallBehind(receiver: TopicReceiver, position: Position, missed: readonly Notice[]): void {
    // Sending may have been the end of it.
    if (!this.#receivers.delete(receiver)) return;
    const backlog = new Backlog(receiver, this, position);
    this.#backlogs ??= new Map();
    this.#backlogs.set(receiver, backlog);
    // First of all: what overflows may end it at once.
    this.#host.fellBehind(backlog);
    for (const { event, message } of missed) if (event !== null) backlog.push(event, message);
  }

  #forget(backlog: Backlog): void {
    if (!this.#backlogs?.delete(backlog.receiver)) return;
    if (this.#backlogs.size === 0) this.#backlogs = null;
    this.#host.caughtUp(backlog);
  }
}
