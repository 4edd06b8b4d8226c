import { type BrokerEvent, type Position, SharedMessage } from '@typewire/core';
import { MAX_BATCH } from '@typewire/core/internal';
import type { TopicReceiver } from './topic-receiver.ts';

/** In UTF-16 units: joining more would save nothing, and this much fits what may be on its way to a receiver. */
const MAX_SIZE = 16_384;

/** What is told about a topic: an event, or that the position was moved on purpose. */
export interface Notice {
  readonly message: SharedMessage;
  readonly position: Position;
  readonly event: BrokerEvent | null;
}

/** What one tick brings to all who follow a topic, to be one message for each of them. */
export class EventBatch {
  readonly notices: Notice[] = [];
  #size = 0;
  #isText = true;
  /** Who is not meant to get all of it. */
  #excluded: Set<string> | null = null;
  /** Who has been told the first so many already. */
  #told: Map<TopicReceiver, number> | null = null;

  get isFull(): boolean {
    return this.notices.length >= MAX_BATCH || this.#size >= MAX_SIZE;
  }

  /** Whether it would be more than a batch may hold with this message, too. */
  isFullWith({ data }: SharedMessage): boolean {
    return this.#size + data.length > MAX_SIZE;
  }

  add(notice: Notice): void {
    const { data } = notice.message;
    this.notices.push(notice);
    this.#size += data.length + 1;
    if (typeof data !== 'string') this.#isText = false;
    const exclude = notice.event?.exclude ?? null;
    if (exclude === null) return;
    this.#excluded ??= new Set();
    this.#excluded.add(exclude);
  }

  /** How much of it the receiver has been told. */
  toldTo(receiver: TopicReceiver): number {
    return this.#told?.get(receiver) ?? 0;
  }

  /** The receiver is told all there is so far, before the others. */
  tell(receiver: TopicReceiver): void {
    this.#told ??= new Map();
    this.#told.set(receiver, this.notices.length);
  }

  /** Whether it is the same for the receiver as for the others. */
  isWholeFor(receiver: TopicReceiver): boolean {
    return this.#excluded?.has(receiver.id) !== true && this.#told?.has(receiver) !== true;
  }

  /** All of it as one message; `null` when what is binary stands in it, which travels alone. */
  join(): SharedMessage | null {
    const [first] = this.notices;
    if (first !== undefined && this.notices.length === 1) return first.message;
    if (!this.#isText) return null;
    const texts = this.notices.map(({ message }) => message.data);
    return new SharedMessage(`[${texts.join(',')}]`, texts.length);
  }
}
