import { createHash } from 'node:crypto';
import { createServer, get } from 'node:https';
import { connect as connectTcp } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls, createServer as createTlsServer, type TLSSocket } from 'node:tls';
import { acceptFor } from '@typewire/frame';
import { acceptUpgrade, connect, type HandshakeError, type ListenOptions, listen } from '@typewire/node';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createCertificate } from './certificate.ts';
import { maskedFrame } from './hostile/target.ts';
import { ManualTimer } from './manual-timer.ts';
import { clientText, RawClient, serverText, upgradeText } from './raw-client.ts';
import { turn, until } from './socket-pair.ts';
import { eventually, listenOnLoopback } from './test-server.ts';

const trusted = createCertificate('DNS:localhost,IP:127.0.0.1');
const elsewhere = createCertificate('DNS:elsewhere.example');

async function startSecure(options: Partial<ListenOptions> = {}) {
  const timer = new ManualTimer();
  const listener = await listen({ port: 0, host: '127.0.0.1', tls: trusted, startTimer: timer.start, ...options });
  const refusals: HandshakeError[] = [];
  listener.on('refused', (error) => refusals.push(error));
  listener.on('connection', (connection) => connection.on('message', (message) => connection.send(message)));
  onTestFinished(async () => {
    const closed = listener.close({ timeoutMs: 0 });
    timer.advance(0);
    await closed;
  });
  return { listener, timer, refusals, url: `wss://127.0.0.1:${listener.port}` };
}

async function openTls(port: number): Promise<TLSSocket> {
  const socket = connectTls({ port, host: '127.0.0.1', ca: trusted.cert });
  socket.on('error', () => {});
  await new Promise((resolve) => socket.once('secureConnect', resolve));
  return socket;
}

describe('a client', () => {
  it('refuses a certificate that nobody vouches for', async () => {
    const { url, refusals } = await startSecure();
    await expect(connect(url)).rejects.toMatchObject({
      name: 'ConnectError',
      code: 'BAD_CERTIFICATE',
      cause: { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' },
    });
    // Nothing of the request was sent.
    expect(refusals.filter(({ code }) => code !== 'ABANDONED')).toEqual([]);
  });

  it('refuses a trusted certificate for another name', async () => {
    const { url } = await startSecure({ tls: elsewhere });
    await expect(connect(url, { tls: { ca: elsewhere.cert } })).rejects.toMatchObject({
      code: 'BAD_CERTIFICATE',
      cause: { code: 'ERR_TLS_CERT_ALTNAME_INVALID' },
    });
  });

  it('connects to a server whose authority it was given, by address and by name', async () => {
    const { listener } = await startSecure();
    for (const host of ['127.0.0.1', 'localhost']) {
      const connection = await connect(`wss://${host}:${listener.port}`, { tls: { ca: trusted.cert } });
      const answer = new Promise((resolve) => connection.on('message', resolve));
      connection.send('hello');
      expect(await answer).toBe('hello');
      connection.terminate();
    }
  });

  it('checks nothing when told so', async () => {
    const { url } = await startSecure({ tls: elsewhere });
    const connection = await connect(url, { tls: { rejectUnauthorized: false } });
    expect(connection.state).toBe('open');
    connection.terminate();
  });

  it('tells that a server does not speak TLS', async () => {
    const listener = await listen({ port: 0, host: '127.0.0.1' });
    onTestFinished(() => listener.close());
    await expect(connect(`wss://127.0.0.1:${listener.port}`)).rejects.toMatchObject({
      code: 'TLS_FAILED',
      message: 'that port does not speak TLS: use ws://',
    });
  });

  it('misses no frame that comes in records of its own behind the answer', async () => {
    const server = createTlsServer(trusted, (socket) => {
      socket.on('error', () => {});
      socket.once('data', (request: Buffer) => answerInRecords(socket, request.toString('latin1')));
    });
    const port = await listenOnLoopback(server);
    onTestFinished(() => void server.close());
    const connection = await connect(`wss://127.0.0.1:${port}`, { tls: { ca: trusted.cert } });
    const messages: unknown[] = [];
    connection.on('message', (message) => messages.push(message));
    await eventually(() => messages.length === 2);
    expect(messages).toEqual(['one', 'two']);
    connection.terminate();
  });
});

/** The 101 and two frames, each a TLS record of its own, all in one TCP segment. */
function answerInRecords(socket: TLSSocket, request: string): void {
  const key = /Sec-WebSocket-Key: (.*)\r/.exec(request)?.[1] ?? '';
  const accept = acceptFor(key, (bytes) => createHash('sha1').update(bytes).digest());
  socket.write(
    `HTTP/1.1 101 X\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  );
  socket.write(serverText('one'), 'latin1');
  socket.write(serverText('two'), 'latin1');
}

describe('a listener with TLS', () => {
  it('takes a request and frames in one record', async () => {
    const { listener } = await startSecure();
    const socket = await openTls(listener.port);
    socket.write(Buffer.concat([Buffer.from(upgradeText()), clientText('glued')]));
    let received = '';
    socket.setEncoding('latin1').on('data', (text: string) => {
      received += text;
    });
    await eventually(() => received.endsWith(serverText('glued')));
    expect(listener.size).toBe(1);
    socket.destroy();
    await eventually(() => listener.size === 0);
  });

  it('has one time limit for TLS and request together', async () => {
    const { listener, timer, refusals } = await startSecure();
    const silent = await RawClient.open(listener.port);
    await eventually(() => timer.size === 1);
    timer.advance(5_000);
    const slow = await openTls(listener.port);
    slow.resume();
    await eventually(() => timer.size === 2);
    timer.advance(5_000);
    expect(await silent.untilClosed()).toBe('');
    expect(slow.destroyed).toBe(false);
    timer.advance(5_000);
    await new Promise((resolve) => slow.once('close', resolve));
    expect(refusals).toMatchObject([{ code: 'TIMED_OUT' }]);
  });

  it('limits the handshakes under way, those in TLS among them', async () => {
    const { listener, refusals } = await startSecure({ maxHalfOpenPerAddress: 1 });
    const first = await RawClient.open(listener.port);
    await eventually(() => listener.size === 1);
    const second = await RawClient.open(listener.port);
    expect(await second.untilClosed()).toBe('');
    expect(refusals).toMatchObject([{ code: 'UNAVAILABLE' }]);
    first.reset();
    await eventually(() => listener.size === 0);
    const fair = await openTls(listener.port);
    fair.write(upgradeText());
    await new Promise((resolve) => fair.once('data', resolve));
    // The place is free again with the 101.
    const next = await openTls(listener.port);
    next.destroy();
    fair.destroy();
  });

  it('survives nonsense and resets at any step', async () => {
    const { listener } = await startSecure();
    const nonsense = await RawClient.open(listener.port);
    nonsense.write('GET / HTTP/1.1\r\n\r\n');
    await nonsense.closed;
    const early = await RawClient.open(listener.port);
    early.write('\x16\x03\x01');
    early.reset();
    const below = connectTcp({ port: listener.port, host: '127.0.0.1' });
    const late = connectTls({ socket: below, ca: trusted.cert, servername: 'localhost' });
    late.on('error', () => {});
    await new Promise((resolve) => late.once('secureConnect', resolve));
    late.write(upgradeText().slice(0, 30));
    below.resetAndDestroy();
    await eventually(() => listener.size === 0);
    const connection = await connect(`wss://127.0.0.1:${listener.port}`, { tls: { ca: trusted.cert } });
    expect(connection.state).toBe('open');
    connection.terminate();
  });

  it('ends sockets that are still in TLS when it closes', async () => {
    const listener = await listen({ port: 0, host: '127.0.0.1', tls: trusted });
    const silent = await RawClient.open(listener.port);
    await eventually(() => listener.size === 1);
    await listener.close();
    await silent.closed;
  });
});

it('serves pages and wss on one port', async () => {
  const https = createServer(trusted, (_, response) => response.end('a page'));
  https.on('upgrade', (request, socket: Duplex, head) => {
    void acceptUpgrade(request, socket, head).then((connection) => {
      connection?.on('message', (message) => connection.send(message));
    });
  });
  const port = await listenOnLoopback(https);
  onTestFinished(() => void https.close());
  const readPage = () =>
    new Promise<string>((resolve, reject) => {
      get({ host: 'localhost', port, ca: trusted.cert, agent: false }, async (response) => {
        resolve(Buffer.concat(await response.toArray()).toString());
      }).on('error', reject);
    });
  expect(await readPage()).toBe('a page');
  const connection = await connect(`wss://localhost:${port}`, { tls: { ca: trusted.cert } });
  const answer = new Promise((resolve) => connection.on('message', resolve));
  connection.send('hello');
  expect(await answer).toBe('hello');
  expect(await readPage()).toBe('a page');
  connection.terminate();
});

it.each<[string, Required<ListenOptions>['verify']]>([
  ['at once', () => true],
  ['by a promise', async () => true],
  [
    'some turns later',
    async () => {
      for (let count = 0; count < 20; count++) await turn();
      return true;
    },
  ],
])('reads in order what comes with the request in several records, let in %s', async (_, verify) => {
  const { listener } = await startSecure({ verify });
  const texts = Array.from({ length: 50 }, (__, index) => `${index}:${'x'.repeat(6_000)}`);
  const received: unknown[] = [];
  listener.on('connection', (connection) => connection.on('message', (message) => received.push(message)));
  const socket = await openTls(listener.port);
  socket.resume();
  onTestFinished(() => void socket.destroy());
  socket.write(Buffer.concat([Buffer.from(upgradeText()), ...texts.map((text) => maskedFrame(0x81, text))]));
  await until(() => received.length === texts.length || socket.destroyed);
  expect(received).toEqual(texts);
});

it('reads in order what a server sends with its answer in several records', async () => {
  const { listener, url } = await startSecure();
  const texts = Array.from({ length: 50 }, (_, index) => `${index}:${'x'.repeat(6_000)}`);
  listener.on('connection', (connection) => {
    for (const text of texts) connection.send(text);
  });
  const client = await connect(url, { tls: { ca: trusted.cert } });
  const received: unknown[] = [];
  client.on('message', (message) => received.push(message));
  await until(() => received.length === texts.length || client.state === 'closed');
  expect(received).toEqual(texts);
});
