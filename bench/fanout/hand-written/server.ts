import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { runServer } from '../../harness/server-child.ts';
import { eventNumber } from '../fan-event.ts';
import { everybody } from '../fan-params.ts';
import type { FanAnswer, FanRequest } from './messages.ts';

const topics = new Map<string, Set<WebSocket>>();

function subscribersOf(topic: string): Set<WebSocket> {
  const subscribers = topics.get(topic) ?? new Set();
  topics.set(topic, subscribers);
  return subscribers;
}

runServer(async () => {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  server.on('connection', (socket) => {
    socket.on('message', (data: Buffer) => {
      const request = JSON.parse(data.toString()) as FanRequest;
      if ('subscribe' in request) {
        subscribersOf(request.subscribe).add(socket);
        socket.send(JSON.stringify({ subscribed: request.subscribe } satisfies FanAnswer));
      } else {
        const text = JSON.stringify(eventNumber(request.publish));
        for (const subscriber of subscribersOf(everybody)) subscriber.send(text);
      }
    });
    socket.on('close', () => {
      for (const subscribers of topics.values()) subscribers.delete(socket);
    });
  });
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
});
