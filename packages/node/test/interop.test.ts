import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect, createUpgradeGate, listen, type WebSocketConnection } from '@typewire/node';
import { describe, expect, it, onTestFinished } from 'vitest';
import WebSocket, { WebSocketServer } from 'ws';
import { listenOnLoopback } from './test-server.ts';

const text = 'Grüße, 世界 👋';
const bytes = Uint8Array.from({ length: 70_000 }, (_, index) => index & 255);

function echo(connection: WebSocketConnection): void {
  connection.on('message', (message) => connection.send(message));
}

async function startListener() {
  const listener = await listen({ port: 0, host: '127.0.0.1', protocols: ['chat'] });
  listener.on('connection', echo);
  onTestFinished(() => listener.close());
  return listener.port;
}

async function startGate() {
  const http = createServer();
  const gate = createUpgradeGate(http);
  gate.mount('/', { protocols: ['chat'] }, echo);
  const port = await listenOnLoopback(http);
  onTestFinished(() => gate.closeServer());
  return port;
}

async function startWs() {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: true });
  await new Promise((resolve) => server.once('listening', resolve));
  server.on('connection', (socket) => socket.on('message', (data, binary) => socket.send(data, { binary })));
  onTestFinished(() => {
    for (const client of server.clients) client.terminate();
    server.close();
  });
  return { server, port: (server.address() as AddressInfo).port };
}

/** Sends each message and collects as many answers. */
async function exchange(send: () => void, onMessage: (listener: (data: unknown) => void) => void, count: number) {
  return new Promise<unknown[]>((resolve) => {
    const answers: unknown[] = [];
    onMessage((data) => {
      if (answers.push(data) === count) resolve(answers);
    });
    send();
  });
}

describe.each([
  ['a listener', startListener],
  ['a gate on an HTTP server', startGate],
])('ws as the client of %s', (_, start) => {
  it('opens, exchanges text and bytes, and closes with a code', async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${await start()}/`, ['chat', 'other']);
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    expect(socket.protocol).toBe('chat');
    // It offers permessage-deflate, which is not negotiated.
    expect(socket.extensions).toBe('');
    const answers = await exchange(
      () => {
        socket.send(text);
        socket.send(bytes);
        socket.send('');
      },
      (listener) =>
        socket.on('message', (data, binary) => listener(binary ? Uint8Array.from(data as Buffer) : String(data))),
      3,
    );
    expect(answers).toEqual([text, bytes, '']);
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.close(4001, 'done');
    expect(await closed).toBe(4001);
  });

  it('is refused from a foreign page', async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${await start()}/`, { origin: 'https://evil.example' });
    const response = await new Promise((resolve) => {
      socket.once('unexpected-response', (__, answer) => resolve(answer.statusCode));
      socket.on('error', () => {});
    });
    expect(response).toBe(403);
    socket.terminate();
  });
});

describe('ws as the server', () => {
  it('opens, exchanges text and bytes, and closes with a code', async () => {
    const { server, port } = await startWs();
    const told = new Promise((resolve) =>
      server.once('connection', (socket) => socket.once('close', (code, reason) => resolve([code, String(reason)]))),
    );
    const connection = await connect(`ws://127.0.0.1:${port}/`);
    const answers = await exchange(
      () => {
        connection.send(text);
        connection.send(bytes);
        connection.send('');
      },
      (listener) => connection.on('message', listener),
      3,
    );
    expect(answers).toEqual([text, bytes, '']);
    const outcome = new Promise((resolve) => connection.on('closed', resolve));
    connection.close(4001, 'done');
    expect(await told).toEqual([4001, 'done']);
    expect(await outcome).toMatchObject({ code: 4001, clean: true });
  });

  it('sends its first message with the 101, and it is not missed', async () => {
    const { server, port } = await startWs();
    server.on('connection', (socket) => socket.send('welcome'));
    const connection = await connect(`ws://127.0.0.1:${port}/`);
    expect(await new Promise((resolve) => connection.on('message', resolve))).toBe('welcome');
    connection.terminate();
  });

  it('refuses with its status', async () => {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1', verifyClient: () => false });
    await new Promise((resolve) => server.once('listening', resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    await expect(connect(`ws://127.0.0.1:${port}/`)).rejects.toMatchObject({ code: 'BAD_STATUS', status: 401 });
  });
});
