import type { Connect, Transport, TransportListener } from '@typewire/core';
import { type MemoryPair, memoryPair } from './memory-pair.ts';

export interface MemoryNetwork {
  /** Give it to a client as its `connect`. */
  readonly connect: Connect;
  /** Every connection made so far, the client at `left`. */
  readonly pairs: readonly MemoryPair[];
  /** Whether new connections are accepted; refused ones close with 1006. */
  reachable: boolean;
  /** Cuts every connection. */
  cut(): void;
}

/** Joins clients to a server in the same process: `accept` is the server's, called for each new connection. */
export function memoryNetwork(accept: (transport: Transport) => TransportListener): MemoryNetwork {
  const pairs: MemoryPair[] = [];
  const network: MemoryNetwork = {
    pairs,
    reachable: true,
    cut: () => pairs.forEach((pair) => pair.cut()),
    connect(_url, listener) {
      const pair = memoryPair();
      pairs.push(pair);
      queueMicrotask(() => {
        // Given up, or cut, before it was open: a WebSocket reports that as a failed attempt.
        if (!network.reachable || pair.left.isClosing) return refuse(listener);
        pair.right.listen(accept(pair.right));
        listener.opened();
        pair.left.listen(listener);
      });
      return pair.left;
    },
  };
  return network;
}

function refuse(listener: TransportListener): void {
  listener.closed({ code: 1006, reason: '', error: new Error('connection refused') });
}
