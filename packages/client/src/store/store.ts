/** What a view is drawn from, in the shape of React's `useSyncExternalStore`. The functions are bound. */
export interface Store<State> {
  /** Works while somebody listens. Listeners are told after changes. Returns its own unsubscribe function. */
  readonly subscribe: (listener: () => void) => () => void;
  /** What there is to show now: the same object until something has changed. Opens nothing. */
  readonly snapshot: () => State;
  /** What a page shows that is rendered on a server, and while it is hydrated: nothing has come yet. */
  readonly serverSnapshot: () => State;
}

/** A store whose state never changes. */
export function fixedStore<State>(state: State): Store<State> {
  const snapshot = (): State => state;
  return { subscribe: () => () => {}, snapshot, serverSnapshot: snapshot };
}
