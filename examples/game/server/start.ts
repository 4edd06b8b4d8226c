import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { createWire, type Wire } from '@typewire/server';
import { attach } from '@typewire/server/node';
import sirv from 'sirv';
import { TICK_MS } from '../shared/rules.ts';
import { encodeSnapshot } from '../shared/snapshot.ts';
import { api, arena, state } from './api.ts';
import { authenticate } from './authenticate.ts';
import { startTicker } from './ticker.ts';

export interface GameOptions {
  /** TCP port; 0 lets the system choose a free one. */
  readonly port: number;
}

export interface Game {
  readonly url: string;
  readonly wire: Wire;
  /** Sends everybody away with a moment to come back, and resolves when the last connection is gone. */
  close(): Promise<void>;
}

const dist = fileURLToPath(new URL('../dist', import.meta.url));

/** The page runs its own script and styles, and talks to its own host: nothing else. */
const contentSecurityPolicy = "default-src 'self'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'";

/** Serves the page and the wire on one port, and lets the time of the arena run. */
export async function startGame({ port }: GameOptions): Promise<Game> {
  if (!existsSync(dist)) throw new Error('the page is not built yet: run `npm run build` first');
  const servePage = sirv(dist, {
    etag: true,
    setHeaders: (response) => response.setHeader('content-security-policy', contentSecurityPolicy),
  });
  const http = createServer((request, response) => {
    servePage(request, response, () => void response.writeHead(404).end('Not found'));
  });
  const wire = createWire({ router: api, authenticate });
  attach(http, wire, { path: '/wire' });
  const stopTicking = startTicker(TICK_MS, () => {
    // Nobody looks: the arena stands still.
    if (wire.connections === 0) return;
    arena.tick();
    void wire.publish(state(), encodeSnapshot(arena.snapshot));
  });
  http.listen(port);
  await once(http, 'listening');
  return {
    url: `http://localhost:${(http.address() as AddressInfo).port}`,
    wire,
    async close() {
      stopTicking();
      await wire.drain({ spreadMs: 2_000 });
      const closed = once(http, 'close');
      http.close();
      http.closeIdleConnections();
      await closed;
    },
  };
}
