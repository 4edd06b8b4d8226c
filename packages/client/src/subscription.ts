import type { CallError, CallFailure, CallPromise, HistoryPage, Position, SubscribeOutcome } from '@typewire/core';
import type { DeclaredErrors, SubscriptionObserver } from '@typewire/core/internal';
import { EventQueue } from './event-queue.ts';
import { Events } from './events.ts';
import type { HistoryOptions, PublishOptions } from './options.ts';
import type { PendingJoins } from './pending-joins.ts';
import type { Presence } from './presence/presence.ts';

export interface SubscribeOptions {
  /**
   * Past events wanted at first, and again after a `gap`, oldest first, as far as the channel's history goes. Of several
   * subscriptions to one topic the first decides. At most 10,000. @default 0
   */
  readonly rewind?: number;
  /** Events an async iterator may fall behind before it fails with `LIMIT_EXCEEDED`. @default 1_000 */
  readonly maxQueuedEvents?: number;
  /** What is asked of who is present, when somebody looks: each member, or their number alone. @default 'all' */
  readonly presence?: 'all' | 'count';
}

type NoErrors = Record<never, never>;

/** `connecting` until the server has taken it, and again between connections; `closed` for good. */
export type SubscriptionState = 'connecting' | 'live' | 'closed';

export interface SubscriptionStatus {
  readonly state: SubscriptionState;
  /** How the subscription last began: anew, with everything that was missed, or with a hole. `null` before the first. */
  readonly outcome: SubscribeOutcome | null;
}

export type SubscriptionListeners<Event, Snapshot = never, Errors extends DeclaredErrors = NoErrors> = {
  /** One event, in order. */
  event: (event: Event, position: Position) => void;
  /**
   * Events up to `position` were missed and cannot be recovered: load the state anew. `missed` is how many, as far as
   * offsets tell; `null` when they do not, as after a log began anew.
   */
  gap: (position: Position, gap: { readonly missed: number | null }) => void;
  /**
   * The state of the topic, where its channel gives one: at first, and anew after each `gap`. It holds all that came
   * before `position`; events follow, and it may hold some of them already. Not after `recovered`, when nothing is missing.
   */
  snapshot: (state: Snapshot, position: Position) => void;
  status: (status: SubscriptionStatus) => void;
  /**
   * The last one: with an error when the server refused or ended it, or when the client had been closed before;
   * `null` when this side closed it.
   */
  closed: (error: CallFailure<Errors> | null) => void;
};

/** How a subscription reaches its topic; made by the client. */
export interface SubscriptionSource<EventInput> {
  /** Canonical name of the topic. */
  readonly name: string;
  /** Where it waits to join. */
  readonly joins: PendingJoins;
  join(observer: SubscriptionObserver): () => void;
  /** For a subscription that is closed it shows nobody. */
  presence(isClosed: boolean): Presence<unknown>;
  publish(event: EventInput, options?: PublishOptions): Promise<Position>;
  history(options?: HistoryOptions): Promise<HistoryPage>;
}

/**
 * A topic being followed: an emitter and an async iterable. It outlasts lost connections; `gap` says when something
 * was missed for good, and silence means that nothing was.
 */
export class Subscription<
  Event,
  EventInput = Event,
  Snapshot = never,
  Errors extends DeclaredErrors = NoErrors,
  State = unknown,
  StateInput = State,
> implements AsyncIterable<Event>
{
  readonly #source: SubscriptionSource<EventInput>;
  readonly #events: Events<SubscriptionListeners<Event, Snapshot, Errors>> = new Events();
  readonly #queues: Set<EventQueue<Event>> = new Set();
  readonly #maxQueued: number;
  #status: SubscriptionStatus = { state: 'connecting', outcome: null };
  #position: Position | null = null;
  #snapshot: Snapshot | undefined;
  #presence: Presence<State, StateInput, Errors> | null = null;
  #error: CallError | null = null;
  #leave: (() => void) | null = null;
  /**
   * What the topic has told so far; `null` once it is taken at once. A topic that runs already tells a new subscriber at
   * once where it stands, and whoever asked gets the chance to attach listeners first.
   */
  #held: Array<() => void> | null = [];

  /** @internal With `refusal` it is closed from the start. */
  constructor(source: SubscriptionSource<EventInput>, maxQueuedEvents: number, refusal: CallError | null) {
    this.#source = source;
    this.#maxQueued = maxQueuedEvents;
    if (refusal !== null) {
      this.#error = refusal;
      this.#status = { state: 'closed', outcome: null };
      queueMicrotask(() => this.#tellEnd(refusal));
      return;
    }
    source.joins.add(() => this.#join());
    // Behind the join, so that listeners attached after `subscribe` miss nothing.
    queueMicrotask(() => this.#release());
  }

  get status(): SubscriptionStatus {
    return this.#status;
  }

  /** Where the topic stands for this subscriber; `null` before the server has answered. */
  get position(): Position | null {
    return this.#position;
  }

  /** The state of the topic as the server last gave it, where its channel gives one; events of since are not in it. */
  get snapshot(): Snapshot | undefined {
    return this.#snapshot;
  }

  /** Who is present on the topic, where its channel lets clients be. The server is asked when somebody looks. */
  get presence(): Presence<State, StateInput, Errors> {
    this.#presence ??= this.#source.presence(this.#isClosed) as Presence<State, StateInput, Errors>;
    return this.#presence;
  }

  /** Why it ended, when that was not this side's doing; `null` otherwise. */
  get error(): CallFailure<Errors> | null {
    return this.#error as CallFailure<Errors> | null;
  }

  /** Returns its own unsubscribe function. */
  on<Name extends keyof SubscriptionListeners<Event, Snapshot, Errors>>(
    name: Name,
    listener: SubscriptionListeners<Event, Snapshot, Errors>[Name],
  ): () => void {
    return this.#events.on(name, listener);
  }

  /** Publishes on the same topic, where the channel lets clients. */
  publish(event: EventInput, options?: PublishOptions): CallPromise<Position, Errors> {
    return this.#source.publish(event, options);
  }

  /** A page of the topic's past, oldest first, where the channel lets clients read it. */
  history(options?: HistoryOptions): CallPromise<HistoryPage<Event>, Errors> {
    return this.#source.history(options) as CallPromise<HistoryPage<Event>, Errors>;
  }

  close(): void {
    if (this.#isClosed) return;
    this.#end(null);
    const leave = this.#leave;
    if (leave === null) return;
    // After the joins of this tick: who closes and subscribes again in one go, as components that are replaced do,
    // keeps the subscription on the wire and misses nothing in between.
    queueMicrotask(() => queueMicrotask(leave));
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<Event, undefined> {
    const queue = new EventQueue<Event>(this.#maxQueued, () => this.#queues.delete(queue));
    if (this.#isClosed) queue.finish(this.#error);
    else this.#queues.add(queue);
    return queue;
  }

  get #isClosed(): boolean {
    return this.#status.state === 'closed';
  }

  #join(): void {
    if (!this.#isClosed) this.#leave = this.#source.join(this.#observer());
  }

  #observer(): SubscriptionObserver {
    return {
      subscribed: (outcome, position) =>
        this.#hear(() => {
          this.#position = position;
          this.#update({ state: 'live', outcome });
        }),
      event: (event, position) =>
        this.#hear(() => {
          this.#position = position;
          for (const queue of this.#queues) queue.push(event as Event);
          this.#events.emit('event', event as Event, position);
        }),
      gap: (position, missed) =>
        this.#hear(() => {
          this.#position = position;
          this.#events.emit('gap', position, { missed });
        }),
      snapshot: (state, position) =>
        this.#hear(() => {
          this.#snapshot = state as Snapshot;
          this.#events.emit('snapshot', state as Snapshot, position);
        }),
      interrupted: () => this.#hear(() => this.#update({ ...this.#status, state: 'connecting' })),
      ended: (error) => this.#hear(() => this.#end(error)),
    };
  }

  /** Takes what the topic tells, now or with `#release`; what comes to one that is closed is void. */
  #hear(take: () => void): void {
    if (this.#held !== null) this.#held.push(take);
    else if (!this.#isClosed) take();
  }

  /** Takes what was held, in order; what follows is taken at once. */
  #release(): void {
    const held = this.#held ?? [];
    this.#held = null;
    for (const take of held) this.#hear(take);
  }

  #end(error: CallError | null): void {
    this.#error = error;
    this.#status = { ...this.#status, state: 'closed' };
    this.#tellEnd(error);
  }

  #tellEnd(error: CallError | null): void {
    const isHeard = this.#queues.size > 0 || this.#events.has('closed');
    if (error?.delivery === 'answered' && !isHeard) {
      const what = `typewire: the subscription to ${this.#source.name} has ended, and nobody listens to 'closed'`;
      // biome-ignore lint/suspicious/noConsole: a page that shows nothing and says nothing is the hardest to debug
      console.error(`${what}: ${error.code} ${error.message}`);
    }
    this.#events.emit('status', this.#status);
    for (const queue of this.#queues) queue.finish(error);
    this.#queues.clear();
    this.#presence?.close();
    this.#events.emit('closed', error as CallFailure<Errors> | null);
    this.#events.clear();
  }

  #update(status: SubscriptionStatus): void {
    this.#status = status;
    this.#events.emit('status', status);
  }
}
