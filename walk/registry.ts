import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename } from 'node:path';
import { runIn } from './packed.ts';

export interface Registry {
  /** A line for a project's `.npmrc`: our scope is installed from here, everything else from where it always is. */
  readonly npmrc: string;
  close(): void;
}

/** A registry of what was packed, so that a page's `npm install` runs as it stands before anything is published. */
export async function serveTarballs(tarballs: ReadonlyMap<string, string>): Promise<Registry> {
  const files = new Map([...tarballs.values()].map((path) => [`/${basename(path)}`, path]));
  const server = createServer(async (request, response) => {
    try {
      const path = decodeURIComponent(request.url ?? '');
      const file = files.get(path);
      if (file !== undefined) return response.end(await readFile(file));
      const tarball = tarballs.get(path.slice(1));
      if (tarball === undefined) return response.writeHead(404).end('{}');
      return response.setHeader('content-type', 'application/json').end(await describe(tarball, address()));
    } catch (error) {
      return response.writeHead(500).end(String(error));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { npmrc: `@typewire:registry=${address()}\n`, close: () => void server.close() };
}

async function describe(tarball: string, address: string): Promise<string> {
  const manifest = JSON.parse(await runIn('/', 'tar', ['-xzOf', tarball, 'package/package.json']));
  const integrity = `sha512-${createHash('sha512')
    .update(await readFile(tarball))
    .digest('base64')}`;
  const version = { ...manifest, dist: { tarball: `${address}/${basename(tarball)}`, integrity } };
  return JSON.stringify({
    name: manifest.name,
    'dist-tags': { latest: manifest.version },
    versions: { [manifest.version]: version },
  });
}
