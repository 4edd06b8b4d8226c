import type { CallError } from '@typewire/core';
import type { SubscribeOptions, Subscription, SubscriptionState } from '../subscription.ts';
import { Audience, soon } from './audience.ts';
import { PresenceState } from './presence-state.ts';
import type { Store } from './store.ts';

/** A channel of a client's `api` on which clients can be present. */
export interface PresentChannel<Params, State, StateInput> {
  subscribe(params: Params, options?: SubscribeOptions): Subscription<never, never, never, never, State, StateInput>;
}

export interface PresenceStoreOptions {
  /** What is asked of who is present: each member, or their number alone. @default 'all' */
  readonly show?: 'all' | 'count';
  /**
   * Past events wanted of the topic: they are not shown here, but of several subscriptions to one topic the first
   * decides for all. @default 100
   */
  readonly rewind?: number;
  /** Runs `tell` once, soon: what arrives until then is told together. @default a timer of 0 ms */
  readonly schedule?: (tell: () => void) => unknown;
}

type OpenedSubscription<State, StateInput> = Subscription<never, never, never, never, State, StateInput>;

/**
 * Who is present on a topic, for views. It is looked at while somebody listens; this client is present from `update`
 * until `leave`, or until nobody listens any more.
 */
export class PresenceStore<State, StateInput = State> implements Store<PresenceState<State, StateInput>> {
  readonly #open: () => OpenedSubscription<State, StateInput>;
  readonly #audience: Audience;
  readonly #initial: PresenceState<State, StateInput>;
  #subscription: OpenedSubscription<State, StateInput> | null = null;
  #refusal: CallError | null = null;
  /** What this client says of itself, also before there is a listener: effects of children run before their parents'. */
  #own: { readonly state: StateInput } | null = null;
  #state: PresenceState<State, StateInput> | null = null;

  /** @internal */
  constructor(open: () => OpenedSubscription<State, StateInput>, schedule: (tell: () => void) => unknown) {
    this.#open = open;
    this.#audience = new Audience({ begin: () => this.#look(), end: () => this.#leave() }, schedule);
    this.#initial = this.#read('connecting');
  }

  readonly subscribe = (listener: () => void): (() => void) => this.#audience.subscribe(listener);

  readonly snapshot = (): PresenceState<State, StateInput> => {
    const subscription = this.#subscription;
    if (subscription === null) return this.#initial;
    this.#state ??= this.#read(subscription.status.state);
    return this.#state;
  };

  readonly serverSnapshot = (): PresenceState<State, StateInput> => this.#initial;

  /** Is present with this state from now on. @throws {UsageError} `UNSERIALIZABLE` */
  readonly update = (state: StateInput): void => {
    this.#own = { state };
    this.#refusal = null;
    this.#subscription?.presence.update(state);
  };

  /** Is not present any more, and goes on looking. */
  readonly leave = (): void => {
    this.#own = null;
    this.#subscription?.presence.leave();
  };

  /** Looks anew; who this client says it is stays. */
  readonly restart = (): void => {
    const subscription = this.#subscription;
    if (subscription === null) return;
    this.#refusal = null;
    this.#look();
    subscription.close();
    this.#state = null;
    this.#audience.changed();
  };

  #read(status: SubscriptionState): PresenceState<State, StateInput> {
    const { presence = null, error = null } = this.#subscription ?? {};
    return new PresenceState(presence, status, error ?? this.#refusal, this);
  }

  #look(): void {
    const subscription = this.#open();
    this.#subscription = subscription;
    const changed = (): void => {
      if (this.#subscription !== subscription) return;
      this.#state = null;
      this.#audience.changed();
    };
    const { presence } = subscription;
    presence.on('sync', changed);
    presence.on('refused', (_right, error) => {
      this.#refusal = error;
      changed();
    });
    subscription.on('status', changed);
    subscription.on('closed', changed);
    if (this.#own !== null) presence.update(this.#own.state);
  }

  #leave(): void {
    const subscription = this.#subscription;
    this.#subscription = null;
    this.#state = null;
    this.#own = null;
    this.#refusal = null;
    subscription?.close();
  }
}

/** A store of who is present on a topic: `presenceStore(wire.api.chat.room, { room: 'lobby' })`. */
export function presenceStore<Params, State, StateInput>(
  channel: PresentChannel<Params, State, StateInput>,
  params: Params,
  { show = 'all', rewind = 100, schedule = soon }: PresenceStoreOptions = {},
): PresenceStore<State, StateInput> {
  return new PresenceStore(() => channel.subscribe(params, { presence: show, rewind }), schedule);
}
