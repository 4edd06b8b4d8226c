import type { Router } from '@typewire/core';
import { createWire, type Wire, type WireError, type WireSettings } from '@typewire/server';
import { type FakeEnvironment, fakeEnvironment, type MemoryNetwork, memoryNetwork, settled } from '@typewire/testing';
import { type Client, type ClientOptions, type ConnectionStatus, createClient } from '../src/index.ts';

export interface ServedClient<Tree> {
  readonly environment: FakeEnvironment;
  readonly network: MemoryNetwork;
  readonly client: Client<Router<Tree>>;
  readonly statuses: ConnectionStatus[];
  readonly errors: WireError[];
  readonly wire: Wire;
  /** Replaces the server by a fresh one, as a restart does: its memory is gone. */
  restart(): void;
}

/** A client and a server in one process, on one clock, joined by a network that can be cut. */
export function serveClient<Tree>(
  router: Router<Tree, Record<never, never>>,
  options: Partial<ClientOptions> = {},
  settings: WireSettings = {},
): ServedClient<Tree> {
  const environment = fakeEnvironment();
  const errors: WireError[] = [];
  const start = (): Wire => createWire({ router, environment, onError: (event) => errors.push(event), ...settings });
  let wire = start();
  const network = memoryNetwork((transport) =>
    wire.accept(transport, { url: '/', headers: new Map(), remoteAddress: null }),
  );
  const client = createClient<Router<Tree>>({ url: 'memory:', connect: network.connect, environment, ...options });
  const statuses: ConnectionStatus[] = [];
  client.on('status', (status) => statuses.push(status));
  return {
    environment,
    network,
    client,
    statuses,
    errors,
    get wire() {
      return wire;
    },
    restart() {
      network.cut();
      wire = start();
    },
  };
}

/** Waits until the client has said hello and been welcomed. */
export async function opened<Tree>(served: ServedClient<Tree>): Promise<ServedClient<Tree>> {
  await settled();
  if (served.client.status.state !== 'open') throw new Error(`the client is ${served.client.status.state}`);
  return served;
}
