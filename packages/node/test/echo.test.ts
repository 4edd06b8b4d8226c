import { spawn } from 'node:child_process';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { connect } from '@typewire/node';
import { describe, expect, it, onTestFinished } from 'vitest';
import WebSocket, { WebSocketServer } from 'ws';
import { runCases } from '../echo/autobahn-client.ts';
import { startEchoServer } from '../echo/echo-server.ts';

async function startEcho() {
  const listener = await startEchoServer({ port: 0, host: '127.0.0.1' });
  onTestFinished(() => listener.close());
  return `ws://127.0.0.1:${listener.port}`;
}

describe('the echo server', () => {
  it('sends text back as text and bytes as bytes, on any path, to any origin', async () => {
    const socket = new WebSocket(`${await startEcho()}/any/path?at=all`, { origin: 'https://anywhere.example' });
    await new Promise((resolve) => socket.once('open', resolve));
    for (const message of ['', 'text', Buffer.alloc(0), Buffer.from([1, 2, 3])]) {
      const answer = new Promise((resolve) =>
        socket.once('message', (data, binary) => resolve([String(data), binary])),
      );
      socket.send(message);
      expect(await answer).toEqual([String(message), typeof message !== 'string']);
    }
    socket.close();
  });

  it('compresses for whoever asks for it', async () => {
    const socket = new WebSocket(await startEcho(), { perMessageDeflate: { threshold: 0 } });
    await new Promise((resolve) => socket.once('open', resolve));
    expect(socket.extensions).toBe('permessage-deflate');
    const text = 'the same again and again '.repeat(100);
    for (let count = 0; count < 3; count++) {
      const answer = new Promise((resolve) => socket.once('message', (data) => resolve(String(data))));
      socket.send(text);
      expect(await answer).toBe(text);
    }
    socket.close();
  });

  it('takes messages of 32 MiB', async () => {
    const connection = await connect(await startEcho(), { maxMessageBytes: 33_554_432, maxBufferedBytes: 67_108_864 });
    const answer = new Promise<string | Uint8Array>((resolve) => connection.on('message', resolve));
    connection.send(new Uint8Array(33_554_432).fill(7));
    const received = await answer;
    expect(received).toHaveLength(33_554_432);
    expect(received.at(-1)).toBe(7);
    connection.terminate();
  });

  it('takes a message in 65,536 frames', async () => {
    const socket = new WebSocket(await startEcho());
    await new Promise((resolve) => socket.once('open', resolve));
    const answer = new Promise<number>((resolve) => socket.once('message', (data) => resolve((data as Buffer).length)));
    const frame = Buffer.alloc(64, 1);
    for (let count = 1; count <= 65_536; count++) socket.send(frame, { fin: count === 65_536 });
    expect(await answer).toBe(65_536 * 64);
    socket.terminate();
  });
});

/** What a fuzzing server does, with a few cases: each sends its messages and wants to see them again. */
async function startFuzzingServer(cases: readonly (readonly (string | Buffer)[])[]) {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await new Promise((resolve) => server.once('listening', resolve));
  const urls: string[] = [];
  const echoes: (string | Buffer)[][] = [];
  server.on('connection', (socket, request) => {
    const url = new URL(request.url ?? '', 'ws://host');
    urls.push(request.url ?? '');
    if (url.pathname === '/getCaseCount') socket.send(String(cases.length));
    if (url.pathname !== '/runCase') {
      socket.close(1000);
      return;
    }
    const messages = cases[Number(url.searchParams.get('case')) - 1] ?? [];
    const seen: (string | Buffer)[] = [];
    echoes.push(seen);
    socket.on('message', (data, binary) => {
      seen.push(binary ? (data as Buffer) : String(data));
      if (seen.length === messages.length) socket.close(1000);
    });
    for (const message of messages) socket.send(message);
    if (messages.length === 0) socket.terminate();
  });
  onTestFinished(() => void server.close());
  return { url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`, urls, echoes };
}

describe('the echo client', () => {
  const cases: readonly (readonly (string | Buffer)[])[] = [
    ['a', Buffer.from([0, 255]), ''],
    [],
    ['b'.repeat(100_000)],
  ];

  it('runs each case of a fuzzing server, one after the other, and asks for the report', async () => {
    const server = await startFuzzingServer(cases);
    const lines: string[] = [];
    expect(await runCases(server.url, { log: (line) => lines.push(line) })).toBe(3);
    expect(server.urls).toEqual([
      '/getCaseCount',
      '/runCase?case=1&agent=typewire',
      '/runCase?case=2&agent=typewire',
      '/runCase?case=3&agent=typewire',
      '/updateReports?agent=typewire',
    ]);
    expect(server.echoes).toEqual(cases);
    expect(lines).toEqual([
      '3 cases',
      'case 1 of 3: closed with 1000',
      'case 2 of 3: closed with 1006',
      'case 3 of 3: closed with 1000',
    ]);
  });

  it('gives up when the server tells no number', async () => {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    await new Promise((resolve) => server.once('listening', resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    server.once('connection', (socket) => socket.send('many'));
    await expect(runCases(`ws://127.0.0.1:${port}`)).rejects.toThrow(/number of cases/);
    server.once('connection', (socket) => socket.close());
    await expect(runCases(`ws://127.0.0.1:${port}`)).rejects.toThrow(/closed before/);
  });
});

describe('the scripts', () => {
  const root = fileURLToPath(new URL('../../..', import.meta.url));

  function run(script: string, ...args: string[]) {
    const path = `packages/node/echo/${script}`;
    const child = spawn(process.execPath, ['--conditions=@typewire/source', '--import', 'tsx', path, ...args], {
      cwd: root,
    });
    const lines: string[] = [];
    const output = createInterface(child.stdout);
    output.on('line', (line) => lines.push(line));
    const firstLine = new Promise<string>((resolve) => output.once('line', resolve));
    const exitCode = new Promise<number | null>((resolve) => child.once('close', resolve));
    onTestFinished(() => void child.kill('SIGKILL'));
    return { child, lines, firstLine, exitCode };
  }

  it('serve the echo on a free port until they are told to stop', async () => {
    const server = run('server.ts', '--port', '0');
    const url = /ws:\/\/127\.0\.0\.1:\d+/.exec(await server.firstLine)?.[0] ?? '';
    const connection = await connect(url);
    const answer = new Promise((resolve) => connection.on('message', resolve));
    connection.send('hello');
    expect(await answer).toBe('hello');
    server.child.kill('SIGTERM');
    expect(await server.exitCode).toBe(0);
  }, 20_000);

  it('play the client of a fuzzing server', async () => {
    const server = await startFuzzingServer([['a']]);
    const client = run('client.ts', server.url, '--agent', 'other');
    expect(await client.exitCode).toBe(0);
    expect(server.urls.at(-1)).toBe('/updateReports?agent=other');
    expect(client.lines).toEqual(['1 cases', 'case 1 of 1: closed with 1000']);
  }, 20_000);
});
