import { type ConnectionStatus, initialStatus } from '../status.ts';
import type { Store } from './store.ts';

/** A client, as far as its status goes. */
export interface StatusSource {
  readonly status: ConnectionStatus;
  on(name: 'status', listener: (status: ConnectionStatus) => void): () => void;
}

/** How the connection of a client stands, for views. */
export class StatusStore implements Store<ConnectionStatus> {
  readonly #client: StatusSource;

  /** @internal */
  constructor(client: StatusSource) {
    this.#client = client;
  }

  readonly subscribe = (listener: () => void): (() => void) => this.#client.on('status', () => listener());

  readonly snapshot = (): ConnectionStatus => this.#client.status;

  readonly serverSnapshot = (): ConnectionStatus => initialStatus;
}

/** A store of how the connection of a client stands: `statusStore(wire)`. */
export function statusStore(client: StatusSource): StatusStore {
  return new StatusStore(client);
}
