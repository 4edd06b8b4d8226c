import { parseArgs } from 'node:util';
import { startEchoServer } from './echo-server.ts';

const { values } = parseArgs({
  options: { port: { type: 'string', default: '9001' }, host: { type: 'string', default: '127.0.0.1' } },
});
const listener = await startEchoServer({ port: Number(values.port), host: values.host });
const host = listener.address.includes(':') ? `[${listener.address}]` : listener.address;
console.log(`echo server on ws://${host}:${listener.port}`);

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void listener.close({ timeoutMs: 1_000 }));
}
