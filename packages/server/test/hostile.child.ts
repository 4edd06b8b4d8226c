import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import { attach, listen } from '../src/adapters/node.ts';
import { createWire, typewire } from '../src/index.ts';

// The server that `hostile.test.ts` attacks: a process of its own, so that a crash shows.
const t = typewire();
const news = t.channel({ event: z.string(), subscribe: () => true });
const router = t.router({
  news,
  echo: t.input(z.string()).query(({ input }) => input),
  fail: t.query(() => {
    throw new Error('hunter2');
  }),
});
const settings = { router, onError: () => {} };
const http = createServer((_request, response) => response.end('hello'));
attach(http, createWire(settings));
attach(http, createWire(settings), { path: '/partners', origins: ['https://partner.example'] });
attach(http, createWire(settings), { path: '/compressed', perMessageDeflate: true });
const tcp = await listen(createWire(settings), { host: '127.0.0.1', port: 0 });
http.listen(0, '127.0.0.1', () => process.send?.({ http: (http.address() as AddressInfo).port, tcp: tcp.port }));
process.on('message', () => process.send?.(process.memoryUsage().rss));
process.on('disconnect', () => process.exit());
