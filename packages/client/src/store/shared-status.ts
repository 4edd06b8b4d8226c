import type { ConnectionStatus } from '../status.ts';
import { SharedStores } from './shared-stores.ts';
import { type StatusSource, StatusStore } from './status-store.ts';
import type { Store } from './store.ts';

const stores = /* @__PURE__ */ new SharedStores<StatusStore>();

/** The store of a client's status that all share who ask for it. */
export function sharedStatus(client: StatusSource): Store<ConnectionStatus> {
  return stores.get(client, '', () => new StatusStore(client));
}
