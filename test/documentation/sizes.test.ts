import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { expect, it } from 'vitest';

/** Where a size of the client stands, and the ratchet that the build is measured against. */
const figures = [
  {
    page: 'docs/compare.md',
    figure: /`@typewire\/client\/json` \| ([\d.]+)/,
    ratchet: 'client, plain JSON: the first download',
  },
  {
    page: 'docs/compare.md',
    figure: /`@typewire\/client`, with superjson \| ([\d.]+)/,
    ratchet: 'client with superjson: the first download',
  },
  {
    page: 'packages/client/README.md',
    figure: /([\d.]+) kB of `@typewire\/client\/json`/,
    ratchet: 'client, plain JSON: the first download',
  },
  {
    page: 'packages/client/README.md',
    figure: /([\d.]+) kB of `@typewire\/client`/,
    ratchet: 'client with superjson: the first download',
  },
] as const;

it.each(figures)('names the size of today in $page: $ratchet', ({ page, figure, ratchet }) => {
  const configured = readFileSync('.size-limit.mjs', 'utf8')
    .split('name: ')
    .find((part) => part.startsWith(`'${ratchet}'`));
  const limit = Number(/limit: '([\d.]+) kB'/.exec(configured ?? '')?.[1]);
  const named = Number(figure.exec(readFileSync(page, 'utf8'))?.[1]);
  // A ratchet leaves a little room; a figure that it has left behind is one of yesterday.
  expect(named).toBeGreaterThan(limit - 0.5);
  expect(named).toBeLessThanOrEqual(limit);
});

/** What a page of one that does the same loads, as its documentation has it, and where its size stands. */
const peers = [
  {
    name: '@trpc/client',
    figure: /`@trpc\/client` with `wsLink` \| ([\d.]+)/,
    program: `import { createTRPCClient, createWSClient, wsLink } from '@trpc/client';
      console.log(createTRPCClient, createWSClient, wsLink);`,
  },
  {
    name: '@orpc/client',
    figure: /`@orpc\/client` with its WebSocket link \| ([\d.]+)/,
    program: `import { createORPCClient } from '@orpc/client';
      import { RPCLink } from '@orpc/client/websocket';
      console.log(createORPCClient, RPCLink);`,
  },
  {
    name: 'socket.io-client',
    figure: /`socket\.io-client` \| ([\d.]+)/,
    program: `import { io } from 'socket.io-client';
      console.log(io);`,
  },
] as const;

it.each(peers)('names the size of $name as it is bundled for production', async ({ figure, program }) => {
  const { outputFiles } = await build({
    stdin: { contents: program, resolveDir: 'bench' },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    conditions: ['production', 'module'],
    define: { 'process.env.NODE_ENV': '"production"' },
    write: false,
  });
  const bundle = outputFiles.map(({ contents }) => gzipSync(contents, { level: 9 }).length);
  expect(bundle).toHaveLength(1);
  const named = Number(figure.exec(readFileSync('docs/compare.md', 'utf8'))?.[1]);
  // Between versions of zlib a hundredth differs.
  expect(Math.abs(named - (bundle[0] ?? 0) / 1_000)).toBeLessThan(0.1);
});
