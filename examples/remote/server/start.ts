import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { createWire, type Wire } from '@typewire/server';
import { attach } from '@typewire/server/node';
import sirv from 'sirv';
import type { deviceContract } from '../shared/device-contract.ts';
import { createApi } from './api.ts';
import { authenticateWith } from './authenticate.ts';

export interface RemoteOptions {
  /** TCP port; 0 lets the system choose a free one. */
  readonly port: number;
  /** What tokens are signed with. */
  readonly secret: string;
}

export interface Remote {
  readonly url: string;
  readonly wire: Wire<typeof deviceContract>;
  /** Sends everybody away with a moment to come back, and resolves when the last connection is gone. */
  close(): Promise<void>;
}

const dist = fileURLToPath(new URL('../dist', import.meta.url));

/** The page runs its own script and styles, and talks to its own host: nothing else. */
const contentSecurityPolicy = "default-src 'self'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'";

/** Serves the page and the wire on one port. */
export async function startRemote({ port, secret }: RemoteOptions): Promise<Remote> {
  if (!existsSync(dist)) throw new Error('the page is not built yet: run `npm run build` first');
  const servePage = sirv(dist, {
    etag: true,
    setHeaders: (response) => response.setHeader('content-security-policy', contentSecurityPolicy),
  });
  const http = createServer((request, response) => {
    servePage(request, response, () => void response.writeHead(404).end('Not found'));
  });
  const wire: Wire<typeof deviceContract> = createWire({
    router: createApi((who) => wire.callers(who)),
    authenticate: authenticateWith(secret),
    // What is called of a device without a connection waits for it. An operator does not want to for long.
    sessions: { resumableMs: 15_000 },
  });
  attach(http, wire, { path: '/wire' });
  http.listen(port);
  await once(http, 'listening');
  return {
    url: `http://localhost:${(http.address() as AddressInfo).port}`,
    wire,
    async close() {
      await wire.drain({ spreadMs: 2_000 });
      const closed = once(http, 'close');
      http.close();
      http.closeIdleConnections();
      await closed;
    },
  };
}
