import { type Position, SharedMessage } from '@typewire/core';
import { encodeEvent, encodeGap } from '@typewire/core/internal';
import type { BrokerEvent } from '../broker/broker.ts';

/** Who receives the events of a topic. */
export interface TopicReceiver {
  sendShared(message: SharedMessage): void;
}

/** A subscriber between asking and being told where the topic stands; what happens meanwhile is held for it. */
export interface JoiningReceiver {
  readonly held: BrokerEvent[];
  /** Most that is held; beyond it the oldest go, as if it had asked later. */
  readonly maxHeld: number;
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
  /** Where the last event stood; `null` before the first. */
  #position: Position | null = null;

  constructor(name: string, number: number) {
    this.name = name;
    this.number = number;
  }

  get isUnused(): boolean {
    return this.receivers.size === 0 && this.joining.size === 0;
  }

  deliver(event: BrokerEvent): void {
    const before = this.#position;
    // A broker may say a thing twice.
    if (before !== null && isSame(before, event.position)) return;
    this.#position = event.position;
    for (const joining of this.joining) {
      joining.held.push(event);
      if (joining.held.length > joining.maxHeld) joining.held.shift();
    }
    if (this.receivers.size === 0) return;
    // The log was lost, or the broker has: who follows must know, as offsets alone would not tell them.
    if (before !== null && !isNext(before, event.position)) this.#sendAll(this.encodeGap(event));
    this.#sendAll(this.encode(event));
  }

  encode({ position, payload }: BrokerEvent): SharedMessage {
    return new SharedMessage(encodeEvent(this.number, position.offset, position.tag, payload));
  }

  /** Everything up to the event was lost. */
  encodeGap({ position }: BrokerEvent): SharedMessage {
    return new SharedMessage(encodeGap(this.number, beforeEvent(position)));
  }

  #sendAll(message: SharedMessage): void {
    for (const receiver of this.receivers) receiver.sendShared(message);
  }
}

/** The position before an event. Its tag is not known, so that nobody can go on from it but by the event itself. */
export function beforeEvent({ epoch, offset }: Position): Position {
  return { epoch, offset: offset - 1, tag: 0 };
}

export function isNext(before: Position, { epoch, offset }: Position): boolean {
  return epoch === before.epoch && offset === before.offset + 1;
}

function isSame(one: Position, other: Position): boolean {
  return one.epoch === other.epoch && one.offset === other.offset && one.tag === other.tag;
}
