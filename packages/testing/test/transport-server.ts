import { SUBPROTOCOL } from '@typewire/core';
import { listen } from '@typewire/node';
import { NodeTransport } from '../../server/src/adapters/node-transport.ts';
import { TransportPeers } from '../src/index.ts';

export interface TransportServer {
  readonly url: string;
  close(): Promise<void>;
}

/** The peer of the transport contract on a real socket of the Node engine. */
export async function startTransportServer(): Promise<TransportServer> {
  const peers = new TransportPeers();
  const listener = await listen({ host: '127.0.0.1', port: 0, protocols: [SUBPROTOCOL], origins: 'any' });
  listener.on('connection', (connection) => {
    const transport = new NodeTransport(connection);
    transport.listen(peers.accept(transport));
  });
  return { url: `ws://127.0.0.1:${listener.port}`, close: () => listener.close() };
}
