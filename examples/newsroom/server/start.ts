import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { createWire } from '@typewire/server';
import { attach } from '@typewire/server/node';
import sirv from 'sirv';
import { api } from './api.ts';
import { authenticateWith } from './authenticate.ts';
import { publishFirstEdition } from './first-edition.ts';

export interface NewsroomOptions {
  /** TCP port; 0 lets the system choose a free one. */
  readonly port: number;
  /** Who shows it is the editor. */
  readonly deskKey: string;
}

export interface Newsroom {
  readonly url: string;
  /** Sends everybody away with a moment to come back, and resolves when the last connection is gone. */
  close(): Promise<void>;
}

const dist = fileURLToPath(new URL('../dist', import.meta.url));
const contentSecurityPolicy = "default-src 'self'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'";

/** Serves the page and the wire on one port. */
export async function startNewsroom({ port, deskKey }: NewsroomOptions): Promise<Newsroom> {
  if (!existsSync(dist)) throw new Error('the page is not built yet: run `npm run build` first');
  const servePage = sirv(dist, {
    etag: true,
    setHeaders: (response) => response.setHeader('content-security-policy', contentSecurityPolicy),
  });
  const http = createServer((request, response) => {
    servePage(request, response, () => void response.writeHead(404).end('Not found'));
  });
  const wire = createWire({ router: api, authenticate: authenticateWith(deskKey) });
  await publishFirstEdition(wire);
  attach(http, wire, { path: '/wire' });
  http.listen(port);
  await once(http, 'listening');
  return {
    url: `http://localhost:${(http.address() as AddressInfo).port}`,
    async close() {
      await wire.drain({ spreadMs: 2_000 });
      const closed = once(http, 'close');
      http.close();
      http.closeIdleConnections();
      await closed;
    },
  };
}
