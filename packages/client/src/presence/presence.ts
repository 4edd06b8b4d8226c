import type { CallError, CallFailure, Serializer } from '@typewire/core';
import { type DeclaredErrors, encodeText, type PresenceMode } from '@typewire/core/internal';
import { Events, reportUncaught } from '../events.ts';
import { notLoaded } from '../later.ts';
import { presencePart } from '../parts.ts';
import type { PresenceSession, PresenceView, TopicPresence } from './topic-presence.ts';

type NoErrors = Record<never, never>;

export type PresenceListeners<State, Errors extends DeclaredErrors = NoErrors> = {
  join: (id: string, state: State) => void;
  update: (id: string, state: State) => void;
  /** With the last state. */
  leave: (id: string, state: State) => void;
  /** What the server said together has been told: once for any number of joins, updates and leaves. */
  sync: () => void;
  /**
   * This client may not, or no longer, be present (`'enter'`) or see who is (`'watch'`): all others have left, then. With
   * what the channel declares. `DISCONNECTED` when the page could not load what presence takes; the next look or `update` tries again.
   */
  refused: (right: 'enter' | 'watch', error: CallFailure<Errors>) => void;
};

/** A topic whose presence it is. */
interface PresenceSource {
  readonly session: PresenceSession;
  readonly name: string;
}

/**
 * Who is present on a topic, and this client among them. The server is asked when somebody looks: at `members`,
 * `subjects` or `count`, or with a listener. Over a lost connection members stay as they are; afterwards only what has changed
 * is told, and this client is present again by itself.
 */
export class Presence<State, StateInput = State, Errors extends DeclaredErrors = NoErrors> implements PresenceView {
  readonly #source: PresenceSource | null;
  /** Once it is loaded. */
  #topic: TopicPresence | null = null;
  readonly #serializer: Serializer;
  readonly #lookMode: PresenceMode;
  readonly #events: Events<PresenceListeners<State, Errors>> = new Events();
  #isLooking = false;
  #isPresent = false;
  #isClosed = false;

  /** @internal `source` is `null` for a subscription that was closed from the start. */
  constructor(source: PresenceSource | null, serializer: Serializer, mode: PresenceMode) {
    this.#source = source;
    this.#serializer = serializer;
    this.#lookMode = mode;
  }

  /** States by the ids of members; empty before the first `sync`, and with `presence: 'count'`. */
  get members(): ReadonlyMap<string, State> {
    return (this.#look()?.members ?? new Map()) as ReadonlyMap<string, State>;
  }

  /** Who each member is, as `authenticate` said; `null` when it named nobody. */
  get subjects(): ReadonlyMap<string, string | null> {
    return this.#look()?.subjects ?? new Map();
  }

  /** Members, and users: several tabs of one count once, visitors without a subject not at all. */
  get count(): { readonly members: number; readonly subjects: number } {
    return this.#look()?.count ?? { members: 0, subjects: 0 };
  }

  /** Id of this client's own member; `null` while it is not present. */
  get self(): string | null {
    return this.#topic?.self ?? null;
  }

  /** The members of each user: several tabs of one stand together, visitors without a subject under `null`. */
  bySubject(): Map<string | null, State[]> {
    return this.#look()?.bySubject() ?? new Map();
  }

  /**
   * Is present, with this state from now on; sent at most every 100 ms, the newest counts. Of several subscriptions to
   * one topic the last update counts.
   *
   * @throws {UsageError} `UNSERIALIZABLE`
   */
  update(state: StateInput): void {
    const text = encodeText(this.#serializer, state, 'presence');
    if (this.#isClosed || this.#source === null) return;
    this.#isPresent = true;
    this.#use('enter', this.#source, (topic) => topic.update(text));
  }

  /** Is not present any more. */
  leave(): void {
    this.#isPresent = false;
    this.#topic?.changed();
  }

  /** Returns its own unsubscribe function. */
  on<Name extends keyof PresenceListeners<State, Errors>>(
    name: Name,
    listener: PresenceListeners<State, Errors>[Name],
  ): () => void {
    const stop = this.#events.on(name, listener);
    if (name !== 'refused') this.#look();
    return stop;
  }

  /** @internal */
  get mode(): PresenceMode {
    return this.#isLooking ? this.#lookMode : 'off';
  }

  /** @internal */
  get isPresent(): boolean {
    return this.#isPresent;
  }

  /** @internal */
  tell(name: never, ...args: never[]): void {
    this.#events.emit(name, ...(args as never));
  }

  /** @internal The subscription is closed. */
  close(): void {
    this.#isClosed = true;
    this.#isPresent = false;
    this.#topic?.views.delete(this);
    this.#topic?.changed();
    this.#events.clear();
  }

  #look(): TopicPresence | null {
    if (this.#source === null || this.#isClosed || this.#isLooking) return this.#topic;
    this.#isLooking = true;
    this.#use('watch', this.#source, (topic) => topic.changed());
    return this.#topic;
  }

  /** At once when it is loaded, and in order when it is not yet. */
  #use(right: 'enter' | 'watch', { session, name }: PresenceSource, use: (topic: TopicPresence) => void): void {
    const found = this.#topic;
    if (found !== null) {
      found.views.add(this);
      return use(found);
    }
    const run = (part: typeof import('./topic-presence.ts')): void => {
      if (this.#isClosed) return;
      this.#topic ??= part.topicPresence(session, name);
      this.#topic.views.add(this);
      use(this.#topic);
    };
    const part = presencePart.load();
    if (part instanceof Promise) part.then(run, (error: unknown) => this.#lacks(right, notLoaded(error)));
    else run(part);
  }

  #lacks(right: 'enter' | 'watch', error: CallError): void {
    if (right === 'watch') this.#isLooking = false;
    else this.#isPresent = false;
    if (this.#isClosed || !this.#events.has('refused')) return reportUncaught(error);
    this.#events.emit('refused', right, error as CallFailure<Errors>);
  }
}
