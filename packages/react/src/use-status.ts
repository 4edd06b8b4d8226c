import type { ConnectionStatus } from '@typewire/client';
import { type StatusSource, sharedStatus } from '@typewire/client/store';
import { useStore } from './use-store.ts';

/** How the connection of a client stands: `const { state } = useStatus(wire)`. Renders `connecting` on a server. */
export function useStatus(client: StatusSource): ConnectionStatus {
  return useStore(sharedStatus(client));
}
