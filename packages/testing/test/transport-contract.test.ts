import { listen } from '@typewire/node';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { connect } from '../../client/src/transports/node.ts';
import { memoryNetwork, TransportPeers, transportContract } from '../src/index.ts';
import { startTransportServer, type TransportServer } from './transport-server.ts';

describe('the memory pair', () => {
  const peers = new TransportPeers();
  const reachable = memoryNetwork((transport) => peers.accept(transport));
  const unreachable = memoryNetwork((transport) => peers.accept(transport));
  unreachable.reachable = false;
  const contract = transportContract({
    connect: (url, listener) => (url === 'nowhere:' ? unreachable : reachable).connect(url, listener),
    url: 'memory:',
    unreachableUrl: 'nowhere:',
    // It carries messages, not frames.
    capabilities: { controlFrames: false, abruptEnd: true },
  });
  for (const { name, run } of contract) it(name, run);
});

describe('the Node engine', () => {
  let server: TransportServer;
  let unreachableUrl: string;
  beforeAll(async () => {
    server = await startTransportServer();
    const gone = await listen({ host: '127.0.0.1', port: 0 });
    unreachableUrl = `ws://127.0.0.1:${gone.port}`;
    await gone.close();
  });
  afterAll(() => server.close());

  const contract = transportContract({
    connect,
    get url() {
      return server.url;
    },
    get unreachableUrl() {
      return unreachableUrl;
    },
    capabilities: { controlFrames: true, abruptEnd: true },
  });
  for (const { name, run } of contract) it(name, run);
});
