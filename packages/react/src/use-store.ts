import type { Store } from '@typewire/client/store';
import { useSyncExternalStore } from 'react';

/** What a store shows now; draws again when that changes. */
export function useStore<State>({ subscribe, snapshot, serverSnapshot }: Store<State>): State {
  return useSyncExternalStore(subscribe, snapshot, serverSnapshot);
}
