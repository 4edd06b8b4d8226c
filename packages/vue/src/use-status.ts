import type { ConnectionStatus } from '@typewire/client';
import { type StatusSource, sharedStatus } from '@typewire/client/store';
import { type Refs, refsOf } from './refs.ts';
import { useStore } from './use-store.ts';

/**
 * How the connection of a client stands, each part a ref: `const { state } = useStatus(wire)`. On a server `connecting`.
 *
 * @throws {UsageError} `BAD_OPTION` outside of `setup` and effect scopes.
 */
export function useStatus(client: StatusSource): Refs<ConnectionStatus> {
  const status = useStore(() => sharedStatus(client));
  return refsOf(status, ['state', 'attempt', 'retryAtMs', 'latencyMs', 'error', 'session']);
}
