import type { AddressInfo } from 'node:net';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { seededRandom } from '@typewire/testing';

export interface FaultyProxy {
  readonly port: number;
  /** Connections ended so far, by kind of fault. */
  readonly faults: ReadonlyMap<Fault, number>;
  /** From now on everything passes. */
  heal(): void;
  close(): Promise<void>;
}

const kinds = ['cut', 'reset', 'swallow', 'half'] as const;
export type Fault = (typeof kinds)[number];

/**
 * A TCP proxy that breaks each connection after a random number of bytes, chosen by the seed: by a FIN in mid message,
 * by a reset, by swallowing what comes before it, or in one direction first. Until then it re-chunks what it passes on.
 */
export async function startFaultyProxy(targetPort: number, seed: number, meanBytes: number): Promise<FaultyProxy> {
  const random = seededRandom(seed);
  const faults = new Map<Fault, number>();
  const sockets = new Set<Socket>();
  let isFaulty = true;

  const server: Server = createServer({ noDelay: true }, (client) => {
    const upstream = connect({ port: targetPort, host: '127.0.0.1', noDelay: true });
    const fault = kinds[Math.floor(random() * kinds.length)] ?? 'cut';
    let budget = isFaulty ? Math.ceil(-Math.log(1 - random()) * meanBytes) : Number.POSITIVE_INFINITY;
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => sockets.delete(socket));
    }
    const strike = (): void => {
      if (client.destroyed && upstream.destroyed) return;
      faults.set(fault, (faults.get(fault) ?? 0) + 1);
      if (fault === 'reset') for (const socket of [client, upstream]) socket.resetAndDestroy();
      else if (fault === 'half') {
        client.destroy();
        // The server learns of it later than the client: by the FIN behind what is still on its way.
        upstream.end();
      } else for (const socket of [client, upstream]) socket.destroy();
    };
    const pass = (to: Socket) => (chunk: Buffer) => {
      if (budget <= 0) return;
      budget -= chunk.length;
      const passed = budget > 0 ? chunk : chunk.subarray(0, chunk.length + budget);
      const cut = Math.floor(random() * passed.length);
      // A fault that swallows loses the whole chunk, not only its end.
      if (budget > 0 || fault !== 'swallow')
        for (const part of [passed.subarray(0, cut), passed.subarray(cut)]) to.write(part);
      if (budget <= 0) strike();
    };
    client.on('data', pass(upstream));
    upstream.on('data', pass(client));
    client.on('end', () => upstream.end());
    upstream.on('end', () => client.end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    faults,
    heal() {
      isFaulty = false;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
