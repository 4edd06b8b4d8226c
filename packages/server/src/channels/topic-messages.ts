import { type BrokerEvent, type Position, SharedMessage } from '@typewire/core';
import { encodeEvent, encodeGap, encodeSkip } from '@typewire/core/internal';

/** The messages about one topic, which are the same for all who follow it. */
export class TopicMessages {
  readonly #number: number;

  constructor(number: number) {
    this.#number = number;
  }

  event({ position, payload }: BrokerEvent): SharedMessage {
    return new SharedMessage(encodeEvent(this.#number, position.offset, position.tag, payload));
  }

  /** An event as one session gets it: one that is not meant for it only moves its position. */
  eventFor(session: string, event: BrokerEvent): SharedMessage {
    return event.exclude === session ? this.skip(event.position) : this.event(event);
  }

  /** What lies before and at the position was left out on purpose. */
  skip({ offset, tag }: Position): SharedMessage {
    return new SharedMessage(encodeSkip(this.#number, offset, tag));
  }

  /** Everything up to the position was lost; `count` events of it, where that is known. */
  gap(position: Position, count: number | null): SharedMessage {
    return new SharedMessage(encodeGap(this.#number, position, count));
  }
}
