import type { CallError } from '@typewire/core';
import type { Presence } from '../presence/presence.ts';
import type { SubscriptionState } from '../subscription.ts';

/** What this client does about its own presence. */
export interface OwnPresence<StateInput> {
  /** Is present with this state from now on; sent at most every 100 ms, the newest counts. */
  readonly update: (state: StateInput) => void;
  /** Is not present any more, and goes on looking. */
  readonly leave: () => void;
  /** Looks anew, as after a sign-in that lifts a refusal. For all views of the topic; nothing while nobody listens. */
  readonly restart: () => void;
}

/** What a view shows of who is present. A new object for each change; over a lost connection members stay as they are. */
export class PresenceState<State, StateInput = State> implements OwnPresence<StateInput> {
  /** States by the ids of members; empty where numbers alone are asked for. */
  readonly members: ReadonlyMap<string, State>;
  /** Who each member is, as `authenticate` said; `null` when it named nobody. */
  readonly subjects: ReadonlyMap<string, string | null>;
  /** Members, and users: several tabs of one count once, visitors without a subject not at all. */
  readonly count: { readonly members: number; readonly subjects: number };
  /** Id of this client's own member; `null` while it is not present. */
  readonly self: string | null;
  /** `idle` when nothing is followed; `connecting` until the server has taken it, and again between connections. */
  readonly status: SubscriptionState | 'idle';
  /** Why this client may not, or no longer, be present, or see who is; `null` otherwise. */
  readonly error: CallError | null;
  readonly update: (state: StateInput) => void;
  readonly leave: () => void;
  readonly restart: () => void;
  #bySubject: ReadonlyMap<string | null, readonly State[]> | null = null;

  /** @internal */
  constructor(
    presence: Presence<State, StateInput> | null,
    status: SubscriptionState | 'idle',
    error: CallError | null,
    { update, leave, restart }: OwnPresence<StateInput>,
  ) {
    this.members = new Map(presence?.members);
    this.subjects = new Map(presence?.subjects);
    this.count = presence?.count ?? { members: 0, subjects: 0 };
    this.self = presence?.self ?? null;
    this.status = status;
    this.error = error;
    this.update = update;
    this.leave = leave;
    this.restart = restart;
  }

  /** The members of each user: several tabs of one stand together, visitors without a subject under `null`. */
  get bySubject(): ReadonlyMap<string | null, readonly State[]> {
    if (this.#bySubject !== null) return this.#bySubject;
    const groups = new Map<string | null, State[]>();
    for (const [id, state] of this.members) {
      const subject = this.subjects.get(id) ?? null;
      const group = groups.get(subject);
      if (group === undefined) groups.set(subject, [state]);
      else group.push(state);
    }
    this.#bySubject = groups;
    return groups;
  }
}
