import { once } from 'node:events';
import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { createHeaderMap } from '@typewire/frame';
import type { HandshakeError } from '@typewire/node';
import {
  type AcceptDraft76Options,
  acceptDraft76,
  connectDraft76,
  type Draft76Socket,
  isDraft76,
} from '@typewire/node/draft76';
import { expect, it, onTestFinished } from 'vitest';
import { createCertificate } from './certificate.ts';
import { RawClient } from './raw-client.ts';
import { until } from './socket-pair.ts';
import { listenOnLoopback } from './test-server.ts';

const request = [
  'GET /demo HTTP/1.1',
  'Host: example.com',
  'Connection: Upgrade',
  'Sec-WebSocket-Key2: 12998 5 Y3 1  .P00',
  'Upgrade: WebSocket',
  'Sec-WebSocket-Key1: 4 @1  46546xW%0l 1 5',
  'Origin: http://example.com',
  '',
  '',
].join('\r\n');
const key3 = '^n:ds[4U';
const proof = "8jKS'y:G*Co,Wxa-";

/** A museum on loopback: what is of draft-76 is accepted and echoes. */
async function startMuseum(options: AcceptDraft76Options = {}, tls: { cert: string; key: string } | null = null) {
  const server = tls === null ? createServer() : createSecureServer(tls);
  const refusals: HandshakeError[] = [];
  const sockets: Draft76Socket[] = [];
  server.on('upgrade', (message, socket, head) => {
    expect(isDraft76(createHeaderMap(Object.entries(message.headers as Record<string, string>)))).toBe(true);
    onTestFinished(() => void socket.destroy());
    void acceptDraft76(message, socket, head, { ...options, onRefused: (error) => refusals.push(error) }).then(
      (accepted) => {
        if (accepted === null) return;
        sockets.push(accepted);
        accepted.on('message', (text) => accepted.send(text));
      },
    );
  });
  const port = await listenOnLoopback(server);
  onTestFinished(() => void server.close());
  return { port, refusals, sockets };
}

it('answers the example of the draft, whose last eight bytes come when they come, and echoes', async () => {
  const { port } = await startMuseum();
  const client = await RawClient.open(port);
  client.write(request);
  for (const char of key3) await client.trickle(char);
  expect(await client.until(proof)).toContain('Sec-WebSocket-Location: ws://example.com/demo\r\n');
  client.write(Buffer.from('0048656c6c6fff', 'hex'));
  await client.until('\x00Hello\xff');
  client.write(Buffer.from('ff00', 'hex'));
  expect((await client.untilClosed()).endsWith('\xff\x00')).toBe(true);
});

it('delivers frames that came glued to the handshake', async () => {
  const { port } = await startMuseum();
  const client = await RawClient.open(port);
  client.write(request + key3, Buffer.from('0061ff', 'hex'));
  await client.until('\x00a\xff');
  client.reset();
});

it.each([
  [
    'foreign pages',
    request.replace('Origin: http://example.com', 'Origin: http://evil.example'),
    403,
    'ORIGIN_REFUSED',
  ],
  ['keys that make no number', request.replace('4 @1  46546xW%0l 1 5', 'none'), 400, 'BAD_KEY'],
  [
    'a body',
    request.replace('Connection: Upgrade', 'Connection: Upgrade\r\nContent-Length: 8'),
    400,
    'BODY_NOT_ALLOWED',
  ],
])('refuses %s', async (_, text, status, code) => {
  const { port, refusals } = await startMuseum();
  const client = await RawClient.open(port);
  client.write(text + key3);
  expect(await client.untilClosed()).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  expect(refusals).toMatchObject([{ code }]);
});

it('gives up a peer whose eight bytes never come', async () => {
  const { port, refusals } = await startMuseum({ handshakeTimeoutMs: 20 });
  const client = await RawClient.open(port);
  client.write(request);
  expect(await client.untilClosed()).toMatch(/^HTTP\/1.1 408 /);
  expect(refusals).toMatchObject([{ code: 'TIMED_OUT' }]);
});

it('survives a peer that is gone in the middle of it', async () => {
  const { port, refusals } = await startMuseum();
  const client = await RawClient.open(port);
  client.write(`${request}^n:`);
  await new Promise((resolve) => setImmediate(resolve));
  client.reset();
  while (refusals.length === 0) await new Promise((resolve) => setImmediate(resolve));
  expect(refusals).toMatchObject([{ code: 'ABANDONED' }]);
});

it('cuts off a frame without an end', async () => {
  const { port, sockets } = await startMuseum({ maxMessageBytes: 1_000 });
  const client = await RawClient.open(port);
  client.write(request + key3);
  await client.until(proof);
  const closed = once(sockets[0] as Draft76Socket, 'closed');
  client.write(Buffer.concat([Buffer.from([0]), Buffer.alloc(1_001, 'a')]));
  expect((await closed)[0]).toMatchObject({ clean: false, error: { code: 'PAYLOAD_TOO_BIG' } });
});

it('is spoken by our client, too, with a subprotocol and over TLS', async () => {
  const certificate = createCertificate('IP:127.0.0.1');
  const { port } = await startMuseum({ protocols: ['sample'] }, certificate);
  const client = await connectDraft76(`wss://127.0.0.1:${port}/demo?a=b`, {
    protocol: 'sample',
    tls: { ca: certificate.cert },
  });
  expect(client.protocol).toBe('sample');
  const answer = once(client, 'message');
  client.send('Grüße');
  expect(await answer).toEqual(['Grüße']);
  const closed = once(client, 'closed');
  client.close();
  expect(await closed).toEqual([{ clean: true }]);
});

it('tells a client why it has no connection', async () => {
  const { port } = await startMuseum({ verify: () => false });
  await expect(connectDraft76(`ws://127.0.0.1:${port}/`)).rejects.toMatchObject({ code: 'BAD_STATUS', status: 403 });
  const plain = createServer((_, response) => response.end());
  const plainPort = await listenOnLoopback(plain);
  onTestFinished(() => void plain.close());
  await expect(connectDraft76(`ws://127.0.0.1:${plainPort}/`)).rejects.toMatchObject({ code: 'BAD_STATUS' });
  await expect(connectDraft76('ws://127.0.0.1:1/')).rejects.toMatchObject({ code: 'REFUSED' });
});

it("goes on when a listener throws, and the exception is the process's", async () => {
  const { port, sockets } = await startMuseum();
  const client = await connectDraft76(`ws://127.0.0.1:${port}/`);
  // Vitest listens for uncaught exceptions and would fail the run: it is set aside for this test.
  const others = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException');
  const thrown: Error[] = [];
  process.on('uncaughtException', (error) => thrown.push(error));
  try {
    sockets[0]?.once('message', () => {
      throw new Error('a mistake of the program');
    });
    client.send('first');
    await until(() => thrown.length > 0);
    expect(thrown).toMatchObject([{ message: 'a mistake of the program' }]);
    client.send('second');
    const [answer] = await once(client, 'message', { signal: AbortSignal.timeout(10_000) });
    expect(['first', 'second']).toContain(answer);
    expect([client.state, sockets[0]?.state]).toEqual(['open', 'open']);
  } finally {
    process.removeAllListeners('uncaughtException');
    for (const other of others) process.on('uncaughtException', other);
  }
  client.close();
});
