import { UsageError } from '@typewire/client';
import type { Store } from '@typewire/client/store';
import {
  computed,
  getCurrentInstance,
  getCurrentScope,
  onActivated,
  onDeactivated,
  onMounted,
  onScopeDispose,
  type ShallowRef,
  shallowRef,
  watch,
} from 'vue';

/**
 * What the chosen store shows now: while a component is mounted and active, or until an effect scope is disposed. Nothing is
 * followed on a server, and at first a page shows what the server did, so that hydration agrees with it.
 *
 * @throws {UsageError} `BAD_OPTION` outside of `setup` and effect scopes.
 */
export function useStore<State>(choose: () => Store<State>): Readonly<ShallowRef<State>> {
  if (getCurrentScope() === undefined) {
    throw new UsageError('BAD_OPTION', 'called outside of setup, or after an await in it: nothing would ever end it');
  }
  const store = computed(choose);
  const state = shallowRef(store.value.serverSnapshot()) as ShallowRef<State>;
  let leave: (() => void) | null = null;

  const follow = (): void => {
    const followed = store.value;
    const show = (): void => {
      state.value = followed.snapshot();
    };
    leave?.();
    leave = followed.subscribe(show);
    show();
  };
  const release = (): void => {
    leave?.();
    leave = null;
  };
  const chosen = (): void => {
    if (leave !== null) follow();
    else state.value = store.value.serverSnapshot();
  };

  watch(store, chosen, { flush: 'sync' });
  onScopeDispose(release);
  if (getCurrentInstance() === null) {
    if (typeof window !== 'undefined') follow();
    return state;
  }
  onMounted(follow);
  onDeactivated(release);
  // Also told right after a component was mounted for the first time.
  onActivated(() => {
    if (leave === null) follow();
  });
  return state;
}
