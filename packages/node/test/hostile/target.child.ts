import './uncleared-memory.ts';
import { createServer } from 'node:http';
import { createUpgradeGate, listen, type WebSocketConnection } from '@typewire/node';
import { acceptDraft76 } from '@typewire/node/draft76';
import { listenOnLoopback } from '../test-server.ts';
import type { Memory, TargetPorts, TargetRequest } from './target.ts';

// The engine alone in a process of its own, so that a crash shows and memory is its own.
const echo = (connection: WebSocketConnection): void => {
  connection.on('message', (message) => connection.send(message));
};
const host = '127.0.0.1';
const without = Number.POSITIVE_INFINITY;
const wideHeads = { maxHeadBytes: 65_536, maxHeaders: 4_000 };

const usual = await listen({ port: 0, host });
usual.on('connection', echo);
const strict = await listen({ port: 0, host, maxHalfOpenPerAddress: 5_000, maxHalfOpen: 5_000 });
strict.on('connection', echo);
// What stands behind the limits must hold by itself.
const lenient = await listen({ port: 0, host, maxFragments: without, maxControlFrames: without, ...wideHeads });
lenient.on('connection', echo);
const compressing = await listen({
  port: 0,
  host,
  maxFragments: without,
  perMessageDeflate: { serverNoContextTakeover: false, clientNoContextTakeover: false, thresholdBytes: 1 },
  ...wideHeads,
});
compressing.on('connection', echo);
const hurried = await listen({
  port: 0,
  host,
  handshakeTimeoutMs: 300,
  messageTimeoutMs: 300,
  closeTimeoutMs: 300,
  maxFragments: without,
});
hurried.on('connection', echo);
// An application that never says yes or no.
const undecided = await listen({
  port: 0,
  host,
  verify: (_request, signal) => new Promise((resolve) => signal.addEventListener('abort', () => resolve(false))),
});
const http = createServer((_request, response) => response.end('hello'));
createUpgradeGate(http).mount('/', { protocols: ['a'] }, echo);
const museum = createServer();
museum.on('upgrade', async (request, socket, head) => {
  const connection = await acceptDraft76(request, socket, head);
  connection?.on('message', (text) => connection.send(text));
});

const ports: TargetPorts = {
  usual: usual.port,
  strict: strict.port,
  lenient: lenient.port,
  compressing: compressing.port,
  hurried: hurried.port,
  undecided: undecided.port,
  http: await listenOnLoopback(http),
  museum: await listenOnLoopback(museum),
};

// Whatever of a peer's would be written there throws instead; `__proto__` does so by an option of Node.
Object.freeze(Object.prototype);

process.on('message', (request: TargetRequest) => {
  if (request === 'cpu') {
    const { user, system } = process.cpuUsage();
    process.send?.(user + system);
    return;
  }
  // Memory of buffers that the first has found unused is given back by the second.
  globalThis.gc?.();
  globalThis.gc?.();
  const { heapUsed, external, arrayBuffers } = process.memoryUsage();
  process.send?.({
    heldBytes: heapUsed + external,
    bufferBytes: arrayBuffers,
    peakBytes: process.resourceUsage().maxRSS * 1_024,
  } satisfies Memory);
});
process.on('disconnect', () => process.exit());
process.send?.(ports);
