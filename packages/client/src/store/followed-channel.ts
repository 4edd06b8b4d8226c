import type { CallError, SubscribeOutcome } from '@typewire/core';
import type { SubscribeOptions, Subscription, SubscriptionState } from '../subscription.ts';
import { Audience } from './audience.ts';
import { EventLog } from './event-log.ts';

/** A subscription, as far as views use it. */
export type ViewedSubscription<Event, Snapshot> = Subscription<Event, never, Snapshot>;

/** How a topic stands, besides its events. */
export interface TopicStanding<Snapshot> {
  readonly status: SubscriptionState;
  readonly outcome: SubscribeOutcome | null;
  readonly snapshot: Snapshot | undefined;
  readonly error: CallError | null;
}

const unopened: TopicStanding<never> = { status: 'connecting', outcome: null, snapshot: undefined, error: null };

/** A topic that is followed while views of it are listened to: one subscription for all of them. */
export class FollowedChannel<Event, Snapshot> {
  readonly audience: Audience;
  readonly log: EventLog<Event> = new EventLog(0);
  /** Grows with each change. */
  version = 0;
  readonly #open: (options: SubscribeOptions) => ViewedSubscription<Event, Snapshot>;
  #subscription: ViewedSubscription<Event, Snapshot> | null = null;
  #rewind = 0;
  /** The server has not been asked yet. */
  #isNew = false;

  constructor(
    open: (options: SubscribeOptions) => ViewedSubscription<Event, Snapshot>,
    schedule: (tell: () => void) => unknown,
  ) {
    this.#open = open;
    this.audience = new Audience({ begin: () => this.#follow(), end: () => this.#leave() }, schedule);
  }

  get standing(): TopicStanding<Snapshot> {
    const subscription = this.#subscription;
    if (subscription === null) return unopened;
    const { status, snapshot, error } = subscription;
    return { status: status.state, outcome: status.outcome, snapshot, error };
  }

  /** A view wants that much, and listens from now on. */
  listen(keep: number, rewind: number, listener: () => void): () => void {
    this.log.keep = Math.max(this.log.keep, keep);
    if (rewind > this.#rewind) {
      this.#rewind = rewind;
      // Views that come together ask together: what has not been asked for yet costs nothing to ask for differently.
      if (this.#isNew) this.#follow();
    }
    return this.audience.subscribe(listener);
  }

  readonly restart = (): void => {
    if (this.#subscription === null) return;
    this.log.clear();
    this.#follow();
    this.#changed();
  };

  #follow(): void {
    this.#subscription?.close();
    const subscription = this.#open({ rewind: this.#rewind });
    this.#subscription = subscription;
    this.#isNew = true;
    queueMicrotask(() => {
      this.#isNew = false;
    });
    const whenCurrent =
      <Args extends unknown[]>(run: (...args: Args) => void) =>
      (...args: Args): void => {
        if (this.#subscription !== subscription) return;
        run(...args);
        this.#changed();
      };
    subscription.on(
      'event',
      whenCurrent((event: Event) => this.log.push(event)),
    );
    subscription.on(
      'gap',
      whenCurrent((position) => this.log.gap(position)),
    );
    subscription.on(
      'snapshot',
      whenCurrent(() => this.log.stateGiven()),
    );
    subscription.on(
      'status',
      whenCurrent(() => {}),
    );
    subscription.on(
      'closed',
      whenCurrent(() => {}),
    );
  }

  #leave(): void {
    const subscription = this.#subscription;
    this.#subscription = null;
    this.#rewind = 0;
    this.log.keep = 0;
    this.log.clear();
    this.version++;
    subscription?.close();
  }

  #changed(): void {
    this.version++;
    this.audience.changed();
  }
}
