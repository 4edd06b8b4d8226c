import { createServer, type Server } from 'node:http';
import type { Socket } from 'node:net';
import FayeSocket from 'faye-websocket';
import { onTestFinished } from 'vitest';
import websocket from 'websocket';
import { WebSocketServer } from 'ws';
import { listenOnLoopback } from '../test-server.ts';
import { closeRequest, farewell, ownFarewell } from './conversation.ts';

/** Starts an echo server of another library and returns its address. */
export type StartForeign = () => Promise<string>;

const { code, reason } = farewell;

async function listenUntilFinished(http: Server): Promise<string> {
  const sockets = new Set<Socket>();
  http.on('connection', (socket) => sockets.add(socket));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    http.close();
  });
  return `ws://127.0.0.1:${await listenOnLoopback(http)}/`;
}

const startWs: StartForeign = () => {
  const http = createServer();
  const server = new WebSocketServer({ server: http, perMessageDeflate: true });
  server.on('connection', (socket) => {
    socket.on('message', (data, binary) => {
      if (String(data) === closeRequest) socket.close(code, reason);
      else socket.send(data, { binary });
    });
  });
  return listenUntilFinished(http);
};

const startFaye: StartForeign = () => {
  const http = createServer();
  http.on('upgrade', (request, duplex, body) => {
    const socket = new FayeSocket(request, duplex, body, ['chat']);
    socket.on('message', ({ data }) => {
      if (data === closeRequest) socket.close(code, reason);
      else socket.send(data);
    });
  });
  return listenUntilFinished(http);
};

const startWebsocket: StartForeign = () => {
  const http = createServer();
  const server = new websocket.server({ httpServer: http, maxReceivedFrameSize: 1_000_000 });
  server.on('request', (request) => {
    const connection = request.accept('chat', request.origin);
    connection.on('message', (message) => {
      if (message.type === 'binary') connection.sendBytes(message.binaryData);
      else if (message.utf8Data === closeRequest) connection.close(code, reason);
      else connection.sendUTF(message.utf8Data);
    });
  });
  return listenUntilFinished(http);
};

/** Servers of other libraries from npm, and the code with which each answers ours: `websocket` has its own. */
export const foreignServers: readonly (readonly [name: string, start: StartForeign, answer: number])[] = [
  ['ws', startWs, ownFarewell.code],
  ['faye-websocket', startFaye, ownFarewell.code],
  ['websocket', startWebsocket, 1_000],
];
