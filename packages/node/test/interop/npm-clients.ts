import FayeSocket from 'faye-websocket';
import { WebSocket as UndiciSocket } from 'undici';
import websocket from 'websocket';
import WebSocket from 'ws';
import { farewell } from './conversation.ts';

/** A connection of another library, as far as a conversation needs it. */
export interface ForeignClient {
  readonly protocol: string;
  send(message: string | Uint8Array): void;
  close(code: number, reason: string): void;
}

export interface ForeignListeners {
  message(message: string | Uint8Array): void;
  closed(end: { readonly code: number; readonly reason: string }): void;
}

/** Opens a connection with another library. */
export type OpenForeign = (url: string, protocols: string[], listeners: ForeignListeners) => Promise<ForeignClient>;

const openWs: OpenForeign = async (url, protocols, { message, closed }) => {
  const socket = new WebSocket(url, protocols);
  socket.on('message', (data: Buffer, isBinary) => message(isBinary ? data : data.toString()));
  socket.on('close', (code, reason) => closed({ code, reason: reason.toString() }));
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  return socket;
};

const openUndici: OpenForeign = async (url, protocols, { message, closed }) => {
  const socket = new UndiciSocket(url, protocols);
  socket.binaryType = 'arraybuffer';
  socket.addEventListener('message', ({ data }) => message(typeof data === 'string' ? data : new Uint8Array(data)));
  socket.addEventListener('close', ({ code, reason }) => closed({ code, reason }));
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve);
    socket.addEventListener('error', ({ error }) => reject(error));
  });
  return socket;
};

const openFaye: OpenForeign = async (url, protocols, { message, closed }) => {
  const socket = new FayeSocket.Client(url, protocols);
  socket.on('message', ({ data }) => message(data));
  socket.on('close', ({ code, reason }) => closed({ code, reason }));
  await new Promise<void>((resolve, reject) => {
    socket.on('open', () => resolve());
    socket.on('error', ({ message: text }) => reject(new Error(text)));
  });
  return {
    protocol: socket.protocol,
    send: (data) => void socket.send(typeof data === 'string' ? data : Buffer.from(data)),
    close: (code, reason) => socket.close(code, reason),
  };
};

/** Sends what is above 16 KiB in fragments. */
const openWebsocket: OpenForeign = async (url, protocols, { message, closed }) => {
  const client = new websocket.client();
  const connection = await new Promise<websocket.connection>((resolve, reject) => {
    client.on('connect', resolve).on('connectFailed', reject);
    client.connect(url, protocols);
  });
  connection.on('message', (data) => message(data.type === 'utf8' ? data.utf8Data : data.binaryData));
  connection.on('close', (code, reason) => closed({ code, reason }));
  return {
    protocol: connection.protocol ?? '',
    send: (data) => {
      if (typeof data === 'string') connection.sendUTF(data);
      else connection.sendBytes(Buffer.from(data));
    },
    close: (code, reason) => connection.close(code, reason),
  };
};

/** Clients of other libraries from npm, and the code with which each answers ours: `websocket` has its own. */
export const foreignClients: readonly (readonly [name: string, open: OpenForeign, answer: number])[] = [
  ['ws', openWs, farewell.code],
  ['undici', openUndici, farewell.code],
  ['faye-websocket', openFaye, farewell.code],
  ['websocket', openWebsocket, 1_000],
];
