import { type CallFailure, type SubscribeOutcome, UsageError } from '@typewire/core';
import type { DeclaredErrors } from '@typewire/core/internal';
import type { SubscribeOptions, Subscription, SubscriptionState } from '../subscription.ts';
import { soon } from './audience.ts';
import type { LoggedEvents } from './event-log.ts';
import { FollowedChannel, type ViewedSubscription } from './followed-channel.ts';
import type { Store } from './store.ts';

/** A channel of a client's `api`. */
export interface StoredChannel<Params, Event, Snapshot = never, Errors extends DeclaredErrors = Record<never, never>> {
  subscribe(params: Params, options?: SubscribeOptions): Subscription<Event, never, Snapshot, Errors>;
}

export interface ChannelStoreOptions {
  /** Latest events that are kept; past ones are asked for at first, as far as the channel's history goes. @default 100 */
  readonly keep?: number;
  /** Past events wanted at first, and again after a gap. @default `keep` */
  readonly rewind?: number;
  /**
   * Runs `tell` once, soon: what arrives until then is told together. `requestAnimationFrame` draws once a frame.
   * @default a timer of 0 ms
   */
  readonly schedule?: (tell: () => void) => unknown;
}

/** What a view shows of a topic. A new object for each change, the same one as long as nothing has. */
export interface ChannelState<Event, Snapshot = never, Errors extends DeclaredErrors = Record<never, never>>
  extends LoggedEvents<Event> {
  /** `idle` when nothing is followed; `connecting` until the server has taken it, and again between connections. */
  readonly status: SubscriptionState | 'idle';
  /** How the subscription last began: anew, with everything that was missed, or with a hole. `null` before the first. */
  readonly outcome: SubscribeOutcome | null;
  /** The state of the topic as the server last gave it, where its channel gives one: what is new is in `since`. */
  readonly snapshot: Snapshot | undefined;
  /** Why the server refused or ended it; `null` otherwise. */
  readonly error: CallFailure<Errors> | null;
  /** Follows anew, as after a sign-in that lifts a refusal. For all views of the topic; nothing while nobody listens. */
  readonly restart: () => void;
}

/** The state of a topic of which nothing has come. */
export type EmptyChannelState = Omit<ChannelState<never>, 'error'> & { readonly error: null };

export function emptyChannelState(status: 'idle' | 'connecting', restart: () => void): EmptyChannelState {
  const none: readonly never[] = [];
  return {
    events: none,
    latest: undefined,
    since: none,
    gap: null,
    status,
    outcome: null,
    snapshot: undefined,
    error: null,
    restart,
  };
}

/**
 * A topic as views need it: `subscribe` and `snapshot`, as in React's `useSyncExternalStore`. The topic is followed while
 * somebody listens, and views are told once for all that came since. While nobody listens, nothing is kept.
 */
export class ChannelStore<Event, Snapshot = never, Errors extends DeclaredErrors = Record<never, never>>
  implements Store<ChannelState<Event, Snapshot, Errors>>
{
  readonly #topic: FollowedChannel<Event, Snapshot>;
  readonly #keep: number;
  readonly #rewind: number;
  readonly #initial: ChannelState<Event, Snapshot, Errors>;
  #state: ChannelState<Event, Snapshot, Errors>;
  #version = 0;

  /** @internal Of several stores of one topic each shows as much as it keeps. */
  constructor(topic: FollowedChannel<Event, Snapshot>, keep: number, rewind: number) {
    this.#topic = topic;
    this.#keep = keep;
    this.#rewind = rewind;
    this.#initial = emptyChannelState('connecting', topic.restart);
    this.#state = this.#initial;
  }

  /** Follows the topic as long as there is a listener; it is told after changes. Returns its own unsubscribe function. */
  readonly subscribe = (listener: () => void): (() => void) => this.#topic.listen(this.#keep, this.#rewind, listener);

  /** What there is to show now. Opens nothing: a page that is rendered on a server shows `connecting`. */
  readonly snapshot = (): ChannelState<Event, Snapshot, Errors> => {
    const { version, log, standing, restart } = this.#topic;
    if (version === this.#version) return this.#state;
    this.#version = version;
    this.#state = { ...log.read(this.#keep), ...standing, restart } as ChannelState<Event, Snapshot, Errors>;
    return this.#state;
  };

  readonly serverSnapshot = (): ChannelState<Event, Snapshot, Errors> => this.#initial;
}

/**
 * A store of one topic: `channelStore(wire.api.chat.room, { room: 'lobby' }, { keep: 50 })`.
 *
 * @throws {UsageError} `BAD_OPTION` for a `keep` that is no count above 0.
 */
export function channelStore<Params, Event, Snapshot = never, Errors extends DeclaredErrors = Record<never, never>>(
  channel: StoredChannel<Params, Event, Snapshot, Errors>,
  params: Params,
  { keep = 100, rewind = keep, schedule = soon }: ChannelStoreOptions = {},
): ChannelStore<Event, Snapshot, Errors> {
  checkKeep(keep);
  const open = (options: SubscribeOptions): ViewedSubscription<Event, Snapshot> =>
    channel.subscribe(params, options) as unknown as ViewedSubscription<Event, Snapshot>;
  return new ChannelStore(new FollowedChannel(open, schedule), keep, rewind);
}

/** @throws {UsageError} `BAD_OPTION` */
export function checkKeep(keep: number): void {
  if (!Number.isSafeInteger(keep) || keep < 1) throw new UsageError('BAD_OPTION', `keep is a count above 0: ${keep}`);
}
