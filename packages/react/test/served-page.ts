import { type Client, createClient } from '@typewire/client';
import type { Router } from '@typewire/core';
import { createWire, type Wire } from '@typewire/server';
import { type MemoryNetwork, memoryNetwork } from '@typewire/testing';

export interface ServedPage<Tree> {
  readonly client: Client<Router<Tree>>;
  readonly wire: Wire;
  readonly network: MemoryNetwork;
  /** What the client has sent so far of these types of messages, in order. */
  sent(...types: number[]): number[];
}

/** A server and a client in this page, on its own clock. */
export function servePage<Tree>(router: Router<Tree, Record<never, never>>): ServedPage<Tree> {
  const wire = createWire({ router });
  const network = memoryNetwork((transport) =>
    wire.accept(transport, { url: '/', headers: new Map(), remoteAddress: null }),
  );
  const client = createClient<Router<Tree>>({ url: 'memory:', connect: network.connect });
  return {
    client,
    wire,
    network,
    sent: (...types) =>
      network.pairs
        .flatMap(({ left }) => left.sent)
        .flatMap(messageTypes)
        .filter((type) => types.includes(type)),
  };
}

/** Of one message, or of each in a batch. */
function messageTypes(text: string): number[] {
  const message = JSON.parse(text) as [number | [number], ...Array<[number]>];
  return typeof message[0] === 'number' ? [message[0]] : (message as Array<[number]>).map(([type]) => type);
}
