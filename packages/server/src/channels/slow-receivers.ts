import type { Backlog } from './backlog.ts';
import type { TopicReceiver } from './topic-receiver.ts';

/** Time between two looks at whether there is room, for transports that do not say so, in milliseconds. */
const LOOK_MS = 50;

/** What waits for subscribers whose connections take no more. */
export interface SlowLoad {
  /** Subscriptions whose connections took no more when they were last sent something. */
  readonly subscriptions: number;
  /** Size of all that waits, in UTF-16 units, or bytes of binary messages. */
  readonly queuedSize: number;
  /** The most that waits for one of them; `maxQueuedBytes` of its channel bounds it. */
  readonly longestQueue: number;
}

/** The sessions for which something waits. One timer looks after all of them, while there are any. */
export class SlowReceivers {
  readonly #setTimer: (delayMs: number, callback: () => void) => () => void;
  readonly #backlogs: Map<TopicReceiver, Set<Backlog>> = new Map();
  #cancel: (() => void) | null = null;

  constructor(setTimer: (delayMs: number, callback: () => void) => () => void) {
    this.#setTimer = setTimer;
  }

  get load(): SlowLoad {
    let subscriptions = 0;
    let queuedSize = 0;
    let longestQueue = 0;
    for (const backlogs of this.#backlogs.values()) {
      for (const { size } of backlogs) {
        subscriptions++;
        queuedSize += size;
        longestQueue = Math.max(longestQueue, size);
      }
    }
    return { subscriptions, queuedSize, longestQueue };
  }

  add(backlog: Backlog): void {
    const own = this.#backlogs.get(backlog.receiver) ?? new Set();
    this.#backlogs.set(backlog.receiver, own.add(backlog));
    this.#arm();
  }

  delete(backlog: Backlog): void {
    const own = this.#backlogs.get(backlog.receiver);
    if (own === undefined || !own.delete(backlog) || own.size > 0) return;
    this.#backlogs.delete(backlog.receiver);
    if (this.#backlogs.size > 0) return;
    this.#cancel?.();
    this.#cancel = null;
  }

  /** There may be room for what waits. */
  drain(receiver: TopicReceiver): void {
    const own = this.#backlogs.get(receiver);
    if (own !== undefined) for (const backlog of [...own]) backlog.drain();
  }

  #arm(): void {
    this.#cancel ??= this.#setTimer(LOOK_MS, () => {
      this.#cancel = null;
      for (const receiver of [...this.#backlogs.keys()]) this.drain(receiver);
      if (this.#backlogs.size > 0) this.#arm();
    });
  }
}
