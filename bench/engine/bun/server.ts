import { runServer } from '../../harness/server-child.ts';
import type { EngineParams } from '../engine-params.ts';

interface BunSocket {
  send(message: string | Uint8Array): void;
  subscribe(topic: string): void;
}

interface BunServer {
  readonly port: number;
  upgrade(request: unknown): boolean;
  publish(topic: string, message: string | Uint8Array): void;
}

/** The part of Bun that is used here; its own types would come over those of Node in the whole project. */
declare const Bun: {
  serve(options: {
    hostname: string;
    port: number;
    fetch(request: unknown, server: BunServer): undefined;
    websocket: {
      open(socket: BunSocket): void;
      message(socket: BunSocket, message: string | Uint8Array): void;
    };
  }): BunServer;
};

const everybody = 'everybody';

runServer<EngineParams>(({ act }) => {
  const server = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    fetch: (request, upgrading) => void upgrading.upgrade(request),
    websocket: {
      open: (socket) => act === 'broadcast' && socket.subscribe(everybody),
      message: (socket, message) => (act === 'broadcast' ? server.publish(everybody, message) : socket.send(message)),
    },
  });
  return Promise.resolve(server.port);
});
