import type { FanOut } from './fan-out.ts';
import type { TopicReceiver } from './topic-receiver.ts';

/**
 * What topics have collected in a tick, of which one does at a time: what a session gets of several topics, and of calls
 * between them, keeps its order.
 */
export class FanOutTick {
  readonly #pending: () => void;
  #collecting: FanOut | null = null;

  /** `pending`: something was collected, and `flush` is to be called before the tick ends. */
  constructor(pending: () => void) {
    this.#pending = pending;
  }

  collects(fanOut: FanOut): void {
    if (this.#collecting === fanOut) return;
    while (this.#collecting !== null) this.flush();
    this.#pending();
    this.#collecting = fanOut;
  }

  /** Something else is about to be sent to a receiver: what was collected before goes to it first. */
  catchUp(receiver: TopicReceiver): void {
    if (this.#collecting !== null) this.#collecting.catchUp(receiver);
  }

  /** Sends what was collected. */
  flush(): void {
    const collecting = this.#collecting;
    this.#collecting = null;
    collecting?.flush();
  }
}
