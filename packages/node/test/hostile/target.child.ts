import { createServer } from 'node:http';
import { createUpgradeGate, listen, type WebSocketConnection } from '@typewire/node';
import { listenOnLoopback } from '../test-server.ts';
import type { TargetPorts, Usage } from './target.ts';

// The engine alone in a process of its own, so that a crash shows and memory is its own.
const echo = (connection: WebSocketConnection): void => {
  connection.on('message', (message) => connection.send(message));
};
const without = Number.POSITIVE_INFINITY;

const strict = await listen({ port: 0, host: '127.0.0.1', maxHalfOpenPerAddress: 5_000, maxHalfOpen: 5_000 });
strict.on('connection', echo);
// What stands behind the limits must hold by itself.
const lenient = await listen({
  port: 0,
  host: '127.0.0.1',
  maxFragments: without,
  maxControlFrames: without,
  maxHeadBytes: 65_536,
  maxHeaders: 4_000,
});
lenient.on('connection', echo);
const http = createServer((_request, response) => response.end('hello'));
createUpgradeGate(http).mount('/', { protocols: ['a'] }, echo);
const ports: TargetPorts = { strict: strict.port, lenient: lenient.port, http: await listenOnLoopback(http) };

process.on('message', () => {
  globalThis.gc?.();
  const { rss, arrayBuffers } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  process.send?.({ residentBytes: rss, bufferBytes: arrayBuffers, cpuUs: user + system } satisfies Usage);
});
process.on('disconnect', () => process.exit());
process.send?.(ports);
