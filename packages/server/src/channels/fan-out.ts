import type { BrokerEvent, BrokerRead, Position, SharedMessage } from '@typewire/core';
import { Backlog, type BacklogHost } from './backlog.ts';
import type { ChannelDelivery } from './delivery.ts';
import type { TopicMessages } from './topic-messages.ts';
import type { TopicReceiver } from './topic-receiver.ts';

/** What sending to those who follow a topic needs of the hub. */
export interface FanOutHost {
  readSince(position: Position): Promise<BrokerRead>;
  /** Something waits for a receiver: `drain` is to be called when there is room for it. */
  fellBehind(backlog: Backlog): void;
  /** Nothing waits for it any more, or it has left. */
  caughtUp(backlog: Backlog): void;
}

/** Those who follow a topic. An event is one message for all of them; only who cannot take it now costs more. */
export class FanOut implements BacklogHost {
  readonly messages: TopicMessages;
  readonly delivery: ChannelDelivery;
  readonly #host: FanOutHost;
  readonly #receivers: Set<TopicReceiver> = new Set();
  /** Made with the first receiver that falls behind. */
  #backlogs: Map<TopicReceiver, Backlog> | null = null;

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

  add(receiver: TopicReceiver): void {
    this.#receivers.add(receiver);
  }

  delete(receiver: TopicReceiver): void {
    this.#receivers.delete(receiver);
    const backlog = this.#backlogs?.get(receiver);
    if (backlog === undefined) return;
    backlog.close();
    this.#forget(backlog);
  }

  send(event: BrokerEvent): void {
    if (this.isEmpty) return;
    const message = this.messages.event(event);
    // First those who wait: who falls behind with this event has it.
    if (this.#backlogs !== null) for (const backlog of this.#backlogs.values()) backlog.push(event, message);
    if (event.exclude !== null) return this.#sendExcept(event.exclude, event.position, message);
    for (const receiver of this.#receivers) {
      receiver.sendShared(message);
      if (receiver.isSlow) this.#fallBehind(receiver, event.position);
    }
  }

  /** What lies before and at the position was left out on purpose; those who wait see that by what comes next. */
  skip(position: Position): void {
    const message = this.messages.skip(position);
    for (const receiver of this.#receivers) receiver.sendShared(message);
  }

  gap(position: Position, count: number | null): void {
    if (this.isEmpty) return;
    const message = this.messages.gap(position, count);
    if (this.#backlogs !== null) for (const backlog of this.#backlogs.values()) backlog.gap(position);
    for (const receiver of this.#receivers) receiver.sendShared(message);
  }

  readSince(position: Position): Promise<BrokerRead> {
    return this.#host.readSince(position);
  }

  caughtUp(backlog: Backlog): void {
    this.#forget(backlog);
    this.#receivers.add(backlog.receiver);
  }

  #sendExcept(session: string, position: Position, message: SharedMessage): void {
    for (const receiver of this.#receivers) {
      receiver.sendShared(receiver.id === session ? this.messages.skip(position) : message);
      if (receiver.isSlow) this.#fallBehind(receiver, position);
    }
  }

  #fallBehind(receiver: TopicReceiver, position: Position): void {
    // Sending may have been the end of it.
    if (!this.#receivers.delete(receiver)) return;
    const backlog = new Backlog(receiver, this, position);
    this.#backlogs ??= new Map();
    this.#backlogs.set(receiver, backlog);
    this.#host.fellBehind(backlog);
  }

  #forget(backlog: Backlog): void {
    if (!this.#backlogs?.delete(backlog.receiver)) return;
    if (this.#backlogs.size === 0) this.#backlogs = null;
    this.#host.caughtUp(backlog);
  }
}
