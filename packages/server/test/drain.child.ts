import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { attach } from '../src/adapters/node.ts';
import { createWire, typewire } from '../src/index.ts';

// The server that `drain.test.ts` ends, as the README shows it: nothing here calls `process.exit`.
const t = typewire();
const wire = createWire({ router: t.router({ echo: t.query(() => 'here') }) });
const http = createServer();
attach(http, wire, { closeTimeoutMs: 200 });
http.listen(0, '127.0.0.1', () => process.stdout.write(`${(http.address() as AddressInfo).port}\n`));
process.once('SIGTERM', async () => {
  await wire.drain();
  http.close();
});
