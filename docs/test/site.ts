import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import sirv from 'sirv';
import { root, site } from '../.vitepress/repository.ts';

export const dist: string = join(site, '.vitepress/dist');

/** Builds the site, unless `TYPEWIRE_DOCS_BUILT` says that somebody just has. A dead link or wrong code fails it. */
export async function buildSite(): Promise<void> {
  if (process.env['TYPEWIRE_DOCS_BUILT'] === '1') return;
  const { NODE_ENV: _test, VITEST: _vitest, ...env } = process.env;
  await promisify(execFile)('npm', ['run', 'build'], { cwd: site, env, maxBuffer: 16_777_216 });
}

/** The built site on a port of its own, with the addresses it has when it is deployed. */
export class SiteServer {
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<SiteServer> {
    const server = createServer(sirv(dist, { etag: true }));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new SiteServer(server);
  }

  get url(): string {
    return `http://localhost:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** A page as it was built: its address without the ending, the names that can be linked to, and where its links lead. */
export interface BuiltPage {
  readonly path: string;
  readonly ids: ReadonlySet<string>;
  /** Links within the site, as `/guide/calls#input`. */
  readonly links: readonly string[];
}

export function readPages(folder: string = dist): BuiltPage[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter(({ name }) => name.endsWith('.html'))
    .map(({ name, parentPath }) => {
      const file = join(parentPath, name);
      const html = readFileSync(file, 'utf8');
      const path = `/${relative(folder, file).replace(/(?:index)?\.html$/, '')}`;
      const ids = new Set([...html.matchAll(/ id="([^"]+)"/g)].map(([, id = '']) => decodeText(id)));
      const links = [...html.matchAll(/<a [^>]*href="([^"]+)"/g)].map(
        ([, href = '']) => new URL(decodeText(href), `http://site${path}`),
      );
      return {
        path,
        ids,
        links: links
          .filter(({ host }) => host === 'site')
          .map(({ pathname, hash }) => pathname + decodeURIComponent(hash)),
      };
    });
}

function decodeText(html: string): string {
  return html.replaceAll('&amp;', '&').replaceAll('&quot;', '"');
}

/** Name, unit and default of each option on the page of them. */
export function readOptions(): string[][] {
  const page = readFileSync(join(site, 'reference/options.md'), 'utf8');
  return [...page.matchAll(/^\| `(\w+)` \| (.*?) \| (.*?) \| /gm)].map(([, ...cells]) =>
    cells.map((cell) => cell.replaceAll(/<[^>]+>/g, '')),
  );
}

/** The rows of tables of options that people wrote, in the guide and in the READMEs of packages: where, name, default. */
export function readWrittenOptions(): Array<{
  readonly place: string;
  readonly name: string;
  readonly fallback: string;
}> {
  const pages = [
    ...readdirSync(join(site, 'guide')).map((name) => join(site, 'guide', name)),
    ...readdirSync(join(root, 'packages')).map((name) => join(root, 'packages', name, 'README.md')),
  ];
  return pages.flatMap((page) => {
    let column = -1;
    return readFileSync(page, 'utf8')
      .split('\n')
      .flatMap((line, index) => {
        const cells = line.startsWith('|') ? line.slice(1).split('|') : [];
        const [first = ''] = cells;
        if (cells.length === 0) column = -1;
        else if (column < 0 && /^ *option/.test(first)) column = cells.findIndex((cell) => cell.trim() === 'default');
        const name = /^ *`(?:\w+\.)*(\w+)` *$/.exec(first)?.[1];
        if (column < 0 || name === undefined) return [];
        return [{ place: `${relative(root, page)}:${index + 1}`, name, fallback: (cells[column] ?? '').trim() }];
      });
  });
}
