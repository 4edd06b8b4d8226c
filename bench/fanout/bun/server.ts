import { runServer } from '../../harness/server-child.ts';
import { eventNumber } from '../fan-event.ts';
import { everybody } from '../fan-params.ts';
import type { FanAnswer, FanRequest } from '../hand-written/messages.ts';

interface BunSocket {
  send(text: string): void;
  subscribe(topic: string): void;
}

interface BunServer {
  readonly port: number;
  upgrade(request: unknown): boolean;
  publish(topic: string, text: string): void;
}

/** The part of Bun that is used here; its own types would come over those of Node in the whole project. */
declare const Bun: {
  serve(options: {
    hostname: string;
    port: number;
    fetch(request: unknown, server: BunServer): undefined;
    websocket: { message(socket: BunSocket, text: string): void };
  }): BunServer;
};

runServer(() => {
  const server = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    fetch: (request, upgrading) => void upgrading.upgrade(request),
    websocket: {
      message(socket, text) {
        const request = JSON.parse(text) as FanRequest;
        if ('subscribe' in request) {
          socket.subscribe(request.subscribe);
          socket.send(JSON.stringify({ subscribed: request.subscribe } satisfies FanAnswer));
        } else server.publish(everybody, JSON.stringify(eventNumber(request.publish)));
      },
    },
  });
  return Promise.resolve(server.port);
});
