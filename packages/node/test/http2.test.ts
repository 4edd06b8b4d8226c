import { once } from 'node:events';
import * as http2 from 'node:http2';
import { request as httpsRequest } from 'node:https';
import { constants, deflateRawSync } from 'node:zlib';
import {
  createUpgradeGate,
  type HandshakeError,
  type UpgradeGate,
  type UpgradeOptions,
  type WebSocketConnection,
} from '@typewire/node';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createCertificate } from './certificate.ts';
import { maskedFrame } from './hostile/target.ts';
import { clientFrame, until } from './socket-pair.ts';
import { listenOnLoopback } from './test-server.ts';

interface Http2Site {
  readonly gate: UpgradeGate;
  readonly server: http2.Http2SecureServer;
  readonly port: number;
  readonly connections: WebSocketConnection[];
  readonly refusals: HandshakeError[];
  readonly sessions: http2.ServerHttp2Session[];
}

const certificate = createCertificate('IP:127.0.0.1');

/** An HTTP/2 site that echoes on /echo and serves plain requests everywhere else. */
async function startSite(
  options: UpgradeOptions = {},
  onRequest: ((request: http2.Http2ServerRequest, response: http2.Http2ServerResponse) => void) | null = (
    _,
    response,
  ) => response.end('plain'),
): Promise<Http2Site> {
  const server = http2.createSecureServer({ ...certificate, allowHTTP1: true });
  if (onRequest !== null) server.on('request', onRequest);
  const connections: WebSocketConnection[] = [];
  const refusals: HandshakeError[] = [];
  const sessions: http2.ServerHttp2Session[] = [];
  server.on('session', (session) => sessions.push(session));
  const gate = createUpgradeGate(server);
  gate.mount('/echo', { ...options, onRefused: (error) => refusals.push(error) }, (connection) => {
    connections.push(connection);
    connection.on('message', (message) => connection.send(message));
  });
  const port = await listenOnLoopback(server);
  onTestFinished(() => gate.closeServer({ timeoutMs: 0 }));
  return { gate, server, port, connections, refusals, sessions };
}

/** A client's session whose server has said that it takes WebSockets. */
async function openSession({ port }: Http2Site): Promise<http2.ClientHttp2Session> {
  const session = http2.connect(`https://127.0.0.1:${port}`, { ca: certificate.cert });
  session.on('error', () => {});
  onTestFinished(() => session.destroy());
  await once(session, 'remoteSettings');
  return session;
}

function ask(session: http2.ClientHttp2Session, headers: http2.OutgoingHttpHeaders = {}): http2.ClientHttp2Stream {
  const stream = session.request(
    {
      ':method': 'CONNECT',
      ':protocol': 'websocket',
      ':path': '/echo',
      'sec-websocket-version': '13',
      ...headers,
    },
    { endStream: false },
  );
  stream.on('error', () => {});
  return stream;
}

async function answerOf(stream: http2.ClientHttp2Stream): Promise<http2.IncomingHttpHeaders> {
  const [headers] = (await once(stream, 'response')) as [http2.IncomingHttpHeaders];
  return headers;
}

/** Collects what the stream brings. */
function receive(stream: http2.ClientHttp2Stream): { text(): string } {
  let text = '';
  stream.setEncoding('latin1').on('data', (chunk: string) => {
    text += chunk;
  });
  return { text: () => text };
}

describe('a WebSocket over HTTP/2', () => {
  it('is announced in the settings, opened with a 200 and echoes', async () => {
    const site = await startSite();
    const session = await openSession(site);
    expect(session.remoteSettings.enableConnectProtocol).toBe(true);
    const stream = ask(session);
    const received = receive(stream);
    expect(await answerOf(stream)).toMatchObject({ ':status': 200 });
    stream.write(clientFrame(1, 'hello'));
    await until(() => received.text() === '\x81\x05hello');
    expect(site.connections[0]).toMatchObject({ remoteAddress: '127.0.0.1', protocol: '', state: 'open' });
  });

  it('is compressed where both ends can', async () => {
    const site = await startSite({ perMessageDeflate: { clientMaxWindowBits: 10 } });
    const stream = ask(await openSession(site), {
      'sec-websocket-extensions': 'permessage-deflate; client_max_window_bits',
    });
    const received = receive(stream);
    const extensions =
      'permessage-deflate; server_no_context_takeover; client_no_context_takeover; client_max_window_bits=10';
    expect(await answerOf(stream)).toMatchObject({ 'sec-websocket-extensions': extensions });
    expect(site.connections[0]).toMatchObject({ extensions });
    // RFC 7692 §7.2.3.1.
    stream.write(clientFrame(0x41, Buffer.from('f248cdc9c90700', 'hex')));
    await until(() => received.text() === '\x81\x05Hello');
  });

  it('takes a large compressed message and what comes after it, also from a peer that ends at once', async () => {
    const site = await startSite({ perMessageDeflate: true });
    const stream = ask(await openSession(site), { 'sec-websocket-extensions': 'permessage-deflate' });
    expect(await answerOf(stream)).toMatchObject({ ':status': 200 });
    const happened: unknown[] = [];
    const [connection] = site.connections;
    connection?.on('message', (message) => happened.push(message));
    connection?.on('closed', ({ code }) => happened.push(code));
    const large = 'many words that repeat '.repeat(20_000);
    const payload = deflateRawSync(large, { finishFlush: constants.Z_SYNC_FLUSH }).subarray(0, -4);
    stream.end(Buffer.concat([maskedFrame(0xc1, payload), maskedFrame(0x81, 'after')]));
    await until(() => happened.length === 3);
    expect(happened).toEqual([large, 'after', 1006]);
  });

  it('shares its session with others and with plain requests', async () => {
    const site = await startSite();
    const session = await openSession(site);
    const streams = Array.from({ length: 5 }, () => ask(session));
    const received = streams.map(receive);
    await Promise.all(streams.map(answerOf));
    for (const [index, stream] of streams.entries()) stream.write(clientFrame(1, `number ${index}`));
    await until(() => received.every((each, index) => each.text().endsWith(`number ${index}`)));
    const plain = session.request({ ':path': '/page' });
    const page = receive(plain);
    await once(plain, 'end');
    expect(page.text()).toBe('plain');
    expect(site.sessions).toHaveLength(1);
    expect(site.gate.size).toBe(5);
  });

  it('carries a message of a megabyte both ways', async () => {
    const site = await startSite();
    const stream = ask(await openSession(site));
    await answerOf(stream);
    const payload = Buffer.alloc(1_000_000, 'x');
    const header = Buffer.from([0x81, 0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    header.writeBigUInt64BE(BigInt(payload.length), 2);
    let bytes = 0;
    stream.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
    });
    stream.write(Buffer.concat([header, payload]));
    await until(() => bytes === 10 + payload.length);
  });

  it('agrees on a subprotocol and sends headers of the application', async () => {
    const site = await startSite({
      protocols: ['b', 'a'],
      headers: [
        ['Set-Cookie', 'a=1'],
        ['Set-Cookie', 'b=2'],
      ],
    });
    const stream = ask(await openSession(site), { 'sec-websocket-protocol': 'a, b' });
    expect(await answerOf(stream)).toMatchObject({ 'sec-websocket-protocol': 'b', 'set-cookie': ['a=1', 'b=2'] });
    expect(site.connections[0]?.protocol).toBe('b');
  });

  it('is closed by the closing handshake and the end of the stream', async () => {
    const site = await startSite();
    const stream = ask(await openSession(site));
    const received = receive(stream);
    await answerOf(stream);
    const closed = new Promise((resolve) => site.connections[0]?.on('closed', resolve));
    stream.end(clientFrame(8, Buffer.from([0x03, 0xe8])));
    expect(await closed).toEqual({ code: 1000, reason: '', clean: true });
    await until(() => stream.readableEnded);
    expect(received.text()).toBe('\x88\x02\x03\xe8');
    expect(site.gate.size).toBe(0);
  });

  it('that its peer resets is 1006, and the others of the session go on', async () => {
    const site = await startSite();
    const session = await openSession(site);
    const [left, stays] = [ask(session), ask(session)];
    await Promise.all([answerOf(left), answerOf(stays)]);
    const closed = new Promise((resolve) => site.connections[0]?.on('closed', resolve));
    left.close(http2.constants.NGHTTP2_CANCEL);
    expect(await closed).toMatchObject({ code: 1006, clean: false });
    const received = receive(stays);
    stays.write(clientFrame(1, 'still here'));
    await until(() => received.text().endsWith('still here'));
  });

  it('that breaks the rules of frames ends alone', async () => {
    const site = await startSite();
    const session = await openSession(site);
    const [bad, good] = [ask(session), ask(session)];
    const [badly, well] = [receive(bad), receive(good)];
    await Promise.all([answerOf(bad), answerOf(good)]);
    bad.write(Buffer.from('8100', 'hex'));
    await until(() => badly.text() === '\x88\x02\x03\xea');
    good.write(clientFrame(1, 'fine'));
    await until(() => well.text().endsWith('fine'));
  });

  it('works where the server has no handlers of requests', async () => {
    const site = await startSite({}, null);
    expect(await answerOf(ask(await openSession(site)))).toMatchObject({ ':status': 200 });
  });
});

describe('a stream that cannot be one', () => {
  it.each<[what: string, headers: http2.OutgoingHttpHeaders, status: number, code: string]>([
    ['without a version', { 'sec-websocket-version': undefined }, 426, 'BAD_VERSION'],
    ['of another version', { 'sec-websocket-version': '8' }, 426, 'BAD_VERSION'],
    ['with a broken list of subprotocols', { 'sec-websocket-protocol': 'a, a' }, 400, 'BAD_PROTOCOL'],
    ['of a strange page', { origin: 'https://evil.example' }, 403, 'ORIGIN_REFUSED'],
    ['with a cookie and no origin', { cookie: 'a=b' }, 403, 'ORIGIN_REFUSED'],
    ['whose authority is no host', { ':authority': 'a@b' }, 400, 'BAD_HOST'],
    ['of a scheme that is not of the web', { ':scheme': 'ftp' }, 400, 'BAD_START_LINE'],
  ])('%s is refused, and says why', async (_, headers, status, code) => {
    const site = await startSite();
    const stream = ask(await openSession(site), headers);
    const received = receive(stream);
    const answer = await answerOf(stream);
    expect(answer[':status']).toBe(status);
    if (status === 426) expect(answer['sec-websocket-version']).toBe('13, 8');
    await until(() => received.text().endsWith('\n'));
    expect(site.refusals).toMatchObject([{ code }]);
    expect(site.connections).toHaveLength(0);
  });

  it('of a page of the same host is let in', async () => {
    const site = await startSite();
    const stream = ask(await openSession(site), { origin: `https://127.0.0.1:${site.port}` });
    expect(await answerOf(stream)).toMatchObject({ ':status': 200 });
  });

  it('on no mount is 404', async () => {
    const stream = ask(await openSession(await startSite()), { ':path': '/nowhere' });
    expect(await answerOf(stream)).toMatchObject({ ':status': 404 });
  });

  it('that asks for another protocol, or a tunnel, is left to the server', async () => {
    const site = await startSite();
    const session = await openSession(site);
    expect(await answerOf(ask(session, { ':protocol': 'webtransport' }))).toMatchObject({ ':status': 405 });
    const seen: string[] = [];
    site.server.on('connect', (request, response) => {
      seen.push(request.headers[':protocol'] as string);
      response.writeHead(501).end();
    });
    expect(await answerOf(ask(session, { ':protocol': 'webtransport' }))).toMatchObject({ ':status': 501 });
    expect(seen).toEqual(['webtransport']);
  });

  it('is refused when the application says no, and told nothing when it fails', async () => {
    const no = await startSite({ verify: () => ({ status: 401, text: 'Who are you?' }) });
    const refused = ask(await openSession(no));
    const received = receive(refused);
    expect(await answerOf(refused)).toMatchObject({ ':status': 401 });
    await until(() => received.text() === 'Who are you?\n');
    const broken = await startSite({
      verify: () => {
        throw new Error('secret');
      },
    });
    const failed = ask(await openSession(broken));
    const told = receive(failed);
    expect(await answerOf(failed)).toMatchObject({ ':status': 500 });
    await until(() => told.text().endsWith('\n'));
    expect(told.text()).not.toContain('secret');
  });
});

it('the same mount serves HTTP/1.1 on the same port', async () => {
  const site = await startSite();
  const request = httpsRequest({
    port: site.port,
    host: '127.0.0.1',
    ca: certificate.cert,
    path: '/echo',
    headers: {
      Upgrade: 'websocket',
      Connection: 'Upgrade',
      'Sec-WebSocket-Version': '13',
      'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
    },
  });
  request.end();
  const [response, socket] = await once(request, 'upgrade');
  onTestFinished(() => socket.destroy());
  expect(response.statusCode).toBe(101);
  expect(site.sessions).toHaveLength(0);
  expect(site.connections).toHaveLength(1);
});

it('closing the server closes its WebSockets with 1001, and then the sessions, which would stay open', async () => {
  const site = await startSite();
  const session = await openSession(site);
  const stream = ask(session);
  const received = receive(stream);
  await answerOf(stream);
  const gone = once(session, 'close');
  const closed = site.gate.closeServer();
  await until(() => received.text() === '\x88\x02\x03\xe9');
  stream.end(clientFrame(8, Buffer.from([0x03, 0xe9])));
  await Promise.all([closed, gone]);
  expect(site.server.listening).toBe(false);
});
