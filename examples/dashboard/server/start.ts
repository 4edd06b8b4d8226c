import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { createWire } from '@typewire/server';
import { attach } from '@typewire/server/node';
import sirv from 'sirv';
import { api, machine, overview } from './api.ts';
import { plant } from './plant.ts';

export interface Dashboard {
  readonly url: string;
  /** Sends everybody away with a moment to come back, and resolves when the last connection is gone. */
  close(): Promise<void>;
}

const dist = fileURLToPath(new URL('../dist', import.meta.url));
const contentSecurityPolicy = "default-src 'self'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'";

/** Serves the page and the wire on one port; 0 lets the system choose a free one. */
export async function startDashboard({ port }: { port: number }): Promise<Dashboard> {
  if (!existsSync(dist)) throw new Error('the page is not built yet: run `npm run build` first');
  const servePage = sirv(dist, {
    etag: true,
    setHeaders: (response) => response.setHeader('content-security-policy', contentSecurityPolicy),
  });
  const http = createServer((request, response) => {
    servePage(request, response, () => void response.writeHead(404).end('Not found'));
  });
  const wire = createWire({
    router: api,
    authenticate: () => ({ context: { countConnections: () => wire.connections } }),
  });
  attach(http, wire, { path: '/wire' });
  plant.start((reading) => {
    // Nobody waits for these: one that the broker did not take is followed by the next in a tenth of a second.
    void wire.publish(overview(), reading).catch(() => {});
    void wire.publish(machine({ machine: reading.machine }), reading).catch(() => {});
  });
  http.listen(port);
  await once(http, 'listening');
  return {
    url: `http://localhost:${(http.address() as AddressInfo).port}`,
    async close() {
      plant.stop();
      await wire.drain({ spreadMs: 2_000 });
      const closed = once(http, 'close');
      http.close();
      http.closeIdleConnections();
      await closed;
    },
  };
}
