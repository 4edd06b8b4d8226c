import { type CallError, UsageError } from '@typewire/core';
import { reportUncaught } from '../events.ts';
import type { SubscribeOptions, Subscription, SubscriptionStatus } from '../subscription.ts';
import { EventLog, type StoredGap } from './event-log.ts';

/** A channel of a client's `api`. */
export interface StoredChannel<Params, Event> {
  subscribe(params: Params, options?: SubscribeOptions): Subscription<Event, never>;
}

export interface ChannelStoreOptions {
  /** Latest events that are kept; past ones are asked for at first, as far as the channel's history goes. @default 100 */
  readonly keep?: number;
  /** Past events wanted at first, and again after a gap. @default `keep` */
  readonly rewind?: number;
  /**
   * Runs `tell` once, soon: what arrives until then is told together. An event is a message of its own, and drawing a view for
   * each of a thousand a second helps nobody; `requestAnimationFrame` draws once a frame. @default a timer of 0 ms
   */
  readonly schedule?: (tell: () => void) => unknown;
}

/** What a view shows of a topic. A new object for each change, the same one as long as nothing has. */
export interface ChannelState<Event> {
  /** Oldest first; at most `keep`. */
  readonly events: readonly Event[];
  /** The last of them; `undefined` before the first. */
  readonly latest: Event | undefined;
  readonly status: SubscriptionStatus;
  /** Where events are missing among those that are kept; `null` where none are. */
  readonly gap: StoredGap | null;
  /** Why the server refused or ended it; `null` otherwise. */
  readonly error: CallError | null;
}

/**
 * A topic as views need it: `subscribe` and `snapshot`, as in React's `useSyncExternalStore`. The topic is followed while
 * somebody listens, and views are told once for all that came since.
 */
export class ChannelStore<Event> {
  readonly #open: () => Subscription<Event, never>;
  readonly #schedule: (tell: () => void) => unknown;
  readonly #log: EventLog<Event>;
  readonly #listeners: Set<() => void> = new Set();
  #subscription: Subscription<Event, never> | null = null;
  #state: ChannelState<Event>;
  #isStale = false;
  /** The listeners will be told. */
  #isTelling = false;
  #isLeaving = false;

  /** @internal */
  constructor(
    open: () => Subscription<Event, never>,
    { keep, schedule }: Required<Omit<ChannelStoreOptions, 'rewind'>>,
  ) {
    this.#open = open;
    this.#schedule = schedule;
    this.#log = new EventLog(keep);
    this.#state = { ...this.#log.read(), status: { state: 'connecting', outcome: null }, error: null };
  }

  /** Follows the topic as long as there is a listener; it is told after changes. Returns its own unsubscribe function. */
  subscribe(listener: () => void): () => void {
    // One entry for each call: the same function may listen twice.
    const entry = (): void => listener();
    this.#listeners.add(entry);
    if (this.#subscription === null) this.#follow();
    return () => {
      if (this.#listeners.delete(entry) && this.#listeners.size === 0) this.#leaveSoon();
    };
  }

  /** What there is to show now. Opens nothing: a page that is rendered on a server shows `connecting`. */
  snapshot(): ChannelState<Event> {
    if (!this.#isStale) return this.#state;
    this.#isStale = false;
    const { status = this.#state.status, error = null } = this.#subscription ?? {};
    this.#state = { ...this.#log.read(), status, error };
    return this.#state;
  }

  #follow(): void {
    const subscription = this.#open();
    this.#subscription = subscription;
    this.#log.clear();
    this.#isStale = true;
    subscription.on('event', (event) => {
      this.#log.push(event);
      this.#changed();
    });
    subscription.on('gap', (position) => {
      this.#log.gap(position);
      this.#changed();
    });
    subscription.on('status', () => this.#changed());
    subscription.on('closed', () => this.#changed());
  }

  /** In a microtask: views that are replaced, as in React's StrictMode, leave and come in one go. */
  #leaveSoon(): void {
    if (this.#isLeaving) return;
    this.#isLeaving = true;
    queueMicrotask(() => {
      this.#isLeaving = false;
      if (this.#listeners.size > 0) return;
      const subscription = this.#subscription;
      this.snapshot();
      this.#subscription = null;
      subscription?.close();
    });
  }

  #changed(): void {
    this.#isStale = true;
    if (this.#isTelling) return;
    this.#isTelling = true;
    this.#schedule(() => {
      this.#isTelling = false;
      for (const listener of [...this.#listeners]) {
        try {
          listener();
        } catch (error) {
          reportUncaught(error);
        }
      }
    });
  }
}

/**
 * A store of one topic: `channelStore(wire.api.chat.room, { room: 'lobby' }, { keep: 50 })`.
 *
 * @throws {UsageError} `BAD_OPTION` for a `keep` that is no count above 0.
 */
export function channelStore<Params, Event>(
  channel: StoredChannel<Params, Event>,
  params: Params,
  { keep = 100, rewind = keep, schedule = soon }: ChannelStoreOptions = {},
): ChannelStore<Event> {
  if (!Number.isSafeInteger(keep) || keep < 1) throw new UsageError('BAD_OPTION', `keep is a count above 0: ${keep}`);
  return new ChannelStore(() => channel.subscribe(params, { rewind }), { keep, schedule });
}

function soon(tell: () => void): void {
  setTimeout(tell, 0);
}
