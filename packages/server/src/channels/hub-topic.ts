import { type Position, SharedMessage } from '@typewire/core';
import { encodeEvent } from '@typewire/core/internal';
import type { BrokerEvent } from '../broker/broker.ts';

/** Who receives the events of a topic. */
export interface TopicReceiver {
  sendShared(message: SharedMessage): void;
}

/** A subscriber between asking and being told where the topic stands; what happens meanwhile is held for it. */
export interface JoiningReceiver {
  readonly held: BrokerEvent[];
}

/**
 * A topic somebody in this process follows. Its number is the process's, not the connection's: the message of an
 * event is the same for all receivers, and is built once.
 */
export class HubTopic {
  readonly name: string;
  readonly number: number;
  readonly receivers: Set<TopicReceiver> = new Set();
  readonly joining: Set<JoiningReceiver> = new Set();
  /** Resolves when the broker's events arrive here. */
  ready: Promise<void> = Promise.resolve();
  stop: () => void = () => {};

  constructor(name: string, number: number) {
    this.name = name;
    this.number = number;
  }

  get isUnused(): boolean {
    return this.receivers.size === 0 && this.joining.size === 0;
  }

  deliver(event: BrokerEvent): void {
    for (const joining of this.joining) joining.held.push(event);
    if (this.receivers.size === 0) return;
    const message = this.encode(event);
    for (const receiver of this.receivers) receiver.sendShared(message);
  }

  encode({ position, payload }: BrokerEvent): SharedMessage {
    return new SharedMessage(encodeEvent(this.number, position.offset, position.tag, payload));
  }

  /** What was held and comes after `position`: the rest has been read from the log. */
  heldAfter(joining: JoiningReceiver, position: Position): readonly BrokerEvent[] {
    return joining.held.filter(
      (event) => event.position.epoch === position.epoch && event.position.offset > position.offset,
    );
  }
}
