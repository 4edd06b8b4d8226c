import { createServer as createHttpServer } from 'node:http';
import { createServer, type Socket } from 'node:net';
import { type ConnectOptions, connect, type WebSocketConnection } from '@typewire/node';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ManualTimer } from './manual-timer.ts';
import { serverText } from './raw-client.ts';
import { acceptText, startScripted } from './scripted-server.ts';
import { eventually, listenOnLoopback } from './test-server.ts';

function collect(connection: WebSocketConnection): unknown[] {
  const messages: unknown[] = [];
  connection.on('message', (message) => messages.push(message));
  return messages;
}

async function failure(url: string, options?: ConnectOptions): Promise<unknown> {
  return connect(url, options).then(
    () => 'connected',
    (error: unknown) => error,
  );
}

describe('connecting', () => {
  it('sends a request with what it was given', async () => {
    const server = await startScripted((request, socket) =>
      socket.write(acceptText(request, 'Sec-WebSocket-Protocol: b\r\n')),
    );
    const connection = await connect(`${server.url}/a%20b?c=d`, {
      protocols: ['a', 'b'],
      origin: 'https://page.example',
      headers: { Authorization: 'Bearer x' },
    });
    expect(connection.protocol).toBe('b');
    expect(server.requests[0]).toMatch(
      new RegExp(
        [
          'GET /a%20b\\?c=d HTTP/1\\.1',
          `Host: 127\\.0\\.0\\.1:${server.port}`,
          'Upgrade: websocket',
          'Connection: Upgrade',
          'Sec-WebSocket-Key: [A-Za-z0-9+/]{22}==',
          'Sec-WebSocket-Version: 13',
          'Sec-WebSocket-Protocol: a, b',
          'Origin: https://page\\.example',
          'Authorization: Bearer x',
          '',
          '$',
        ].join('\r\n'),
      ),
    );
    connection.terminate();
  });

  it('sends another key each time', async () => {
    const server = await startScripted((request, socket) => socket.write(acceptText(request)));
    for (let count = 0; count < 2; count++) (await connect(server.url)).terminate();
    const keys = server.requests.map((request) => /Key: (.*)\r/.exec(request)?.[1]);
    expect(new Set(keys).size).toBe(2);
  });

  it('delivers frames that came in the same segment as the answer, after the caller could listen', async () => {
    const frames = serverText('one') + serverText('two');
    const server = await startScripted((request, socket) => socket.write(acceptText(request) + frames, 'latin1'));
    // The connection passes through as many promises as a caller's own layers may have.
    const through = async (connection: Promise<WebSocketConnection>): Promise<WebSocketConnection> => await connection;
    const messages = collect(await through(through(through(connect(server.url)))));
    await eventually(() => messages.length === 2);
    expect(messages).toEqual(['one', 'two']);
  });

  it('reads an answer that comes byte by byte, and a frame behind it', async () => {
    const server = await startScripted(async (request, socket) => {
      for (const char of acceptText(request) + serverText('hello')) {
        await new Promise((resolve) => socket.write(char, 'latin1', resolve));
      }
    });
    const messages = collect(await connect(server.url));
    await eventually(() => messages.length === 1);
    expect(messages).toEqual(['hello']);
  });

  it('passes over interim answers', async () => {
    const interim = 'HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n';
    const server = await startScripted((request, socket) => socket.write(interim + acceptText(request)));
    const connection = await connect(server.url);
    expect(connection.state).toBe('open');
    connection.terminate();
  });

  it('does not pass over interim answers for ever', async () => {
    const server = await startScripted((_, socket) => socket.write('HTTP/1.1 100 Continue\r\n\r\n'.repeat(9)));
    expect(await failure(server.url)).toMatchObject({ code: 'BAD_STATUS', status: 100 });
  });
});

describe('a wrong answer', () => {
  it.each<[string, string, number | null, (request: string) => string]>([
    ['a redirect', 'BAD_STATUS', 302, () => 'HTTP/1.1 302 Found\r\nLocation: ws://127.0.0.1:1/\r\n\r\n'],
    ['403', 'BAD_STATUS', 403, () => 'HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno'],
    ['200', 'BAD_STATUS', 200, () => 'HTTP/1.1 200 OK\r\n\r\n'],
    ['the accept of another key', 'BAD_ACCEPT', 101, () => acceptText('')],
    ['no Upgrade', 'BAD_UPGRADE', 101, (request) => acceptText(request).replace('Upgrade: websocket\r\n', '')],
    ['an extension', 'EXTENSION_NOT_OFFERED', 101, (request) => acceptText(request, 'Sec-WebSocket-Extensions: x\r\n')],
    [
      'another subprotocol',
      'PROTOCOL_NOT_OFFERED',
      101,
      (request) => acceptText(request, 'Sec-WebSocket-Protocol: c\r\n'),
    ],
    ['a head without end', 'HEAD_TOO_BIG', null, () => `HTTP/1.1 101 ${'a'.repeat(9_000)}`],
    ['too many headers', 'TOO_MANY_HEADERS', null, (request) => acceptText(request, 'a: b\r\n'.repeat(64))],
    ['no HTTP', 'BAD_START_LINE', null, () => 'SSH-2.0-OpenSSH\r\n'],
  ])('is refused: %s', async (_, code, status, answer) => {
    const server = await startScripted((request, socket) => socket.write(answer(request)));
    expect(await failure(server.url, { protocols: ['a'] })).toMatchObject({ name: 'HandshakeError', code, status });
    await eventually(() => server.sockets.every((socket) => socket.destroyed));
    expect(server.requests).toHaveLength(1);
  });

  it.each([301, 302, 303, 307, 308])('that is the redirect %i sends nothing to whoever it names', async (status) => {
    const named = await startScripted((request, socket) => socket.write(acceptText(request)));
    const location = `Location: ${named.url}/\r\n`;
    const server = await startScripted((_, socket) => socket.write(`HTTP/1.1 ${status} Moved\r\n${location}\r\n`));
    const headers = { Authorization: 'Bearer secret', Cookie: 'session=secret' };
    expect(await failure(server.url, { headers })).toMatchObject({ code: 'BAD_STATUS', status });
    // Whatever was on its way there would have come before this.
    (await connect(named.url)).terminate();
    expect(named.requests.join('')).not.toContain('secret');
    expect(named.requests).toHaveLength(1);
  });

  it('of an ordinary HTTP server tells its status', async () => {
    const http = createHttpServer((_, response) => response.writeHead(404).end());
    const port = await listenOnLoopback(http);
    onTestFinished(() => void http.close());
    const error = await failure(`ws://127.0.0.1:${port}/a/path?token=secret`);
    expect(error).toMatchObject({
      name: 'HandshakeError',
      code: 'BAD_STATUS',
      status: 404,
      message: `ws://127.0.0.1:${port}/a/path: The server answered 404 instead of 101.`,
    });
  });
});

describe('no answer', () => {
  it('because nothing listens', async () => {
    const server = createServer();
    const port = await listenOnLoopback(server);
    await new Promise((resolve) => server.close(resolve));
    for (const host of ['127.0.0.1', 'localhost']) {
      const error = await failure(`ws://${host}:${port}`);
      expect(error).toMatchObject({ name: 'ConnectError', code: 'REFUSED', cause: { code: 'ECONNREFUSED' } });
    }
  });

  it.each<[string, (socket: Socket) => void]>([
    ['ends', (socket) => socket.end()],
    ['resets', (socket) => socket.resetAndDestroy()],
    ['ends in the middle of its answer', (socket) => socket.end('HTTP/1.1 101 Swi')],
  ])('because the server %s', async (_, act) => {
    const server = await startScripted((__, socket) => act(socket));
    expect(await failure(server.url)).toMatchObject({ name: 'ConnectError', code: 'LOST' });
  });

  it('within 10 s', async () => {
    const timer = new ManualTimer();
    const server = await startScripted((_, socket) => socket.write('HTTP/1.1 101 '));
    const failed = failure(server.url, { startTimer: timer.start });
    await eventually(() => server.requests.length === 1);
    timer.advance(9_999);
    expect(timer.size).toBe(1);
    timer.advance(1);
    expect(await failed).toMatchObject({ name: 'ConnectError', code: 'TIMED_OUT' });
    await eventually(() => server.sockets.every((socket) => socket.destroyed));
  });

  it('because the caller gave up, before or meanwhile', async () => {
    const server = await startScripted(() => {});
    const reason = new Error('changed my mind');
    const expected = { name: 'ConnectError', code: 'ABORTED', cause: reason };
    expect(await failure(server.url, { signal: AbortSignal.abort(reason) })).toMatchObject(expected);
    expect(server.sockets).toEqual([]);

    const abort = new AbortController();
    const failed = failure(server.url, { signal: abort.signal });
    await eventually(() => server.requests.length === 1);
    abort.abort(reason);
    expect(await failed).toMatchObject(expected);
    await eventually(() => server.sockets.every((socket) => socket.destroyed));
  });
});

describe('an open connection', () => {
  it('outlives the time limit and the signal of its handshake', async () => {
    const timer = new ManualTimer();
    const abort = new AbortController();
    const server = await startScripted((request, socket) => socket.write(acceptText(request)));
    const connection = await connect(server.url, { signal: abort.signal, startTimer: timer.start });
    expect(timer.size).toBe(0);
    abort.abort();
    expect(connection.state).toBe('open');
    connection.terminate();
  });

  it('reports a reset right after the answer as its end', async () => {
    const server = await startScripted((request, socket) =>
      socket.write(acceptText(request), () => socket.resetAndDestroy()),
    );
    const outcome = await connect(server.url).then(
      (connection) => new Promise((resolve) => connection.on('closed', resolve)),
      (error: unknown) => error,
    );
    expect(outcome).toMatchObject({ code: expect.toBeOneOf([1006, 'LOST']) });
  });
});

describe('misuse', () => {
  it.each<[string, string, ConnectOptions]>([
    ['no URL', 'nonsense', {}],
    ['another scheme', 'ftp://a', {}],
    ['a fragment', 'ws://a/#b', {}],
    ['a user name', 'ws://user:password@a/', {}],
    ['a header of the handshake', 'ws://a', { headers: { 'Sec-WebSocket-Key': 'x' } }],
    ['a header with a line break', 'ws://a', { headers: { 'X-A': 'a\r\nb: c' } }],
    ['a subprotocol with a line break', 'ws://a', { protocols: ['a\r\nb: c'] }],
    ['an origin with a line break', 'ws://a', { origin: 'http://a\r\nb: c' }],
    ['no time at all', 'ws://a', { handshakeTimeoutMs: 0 }],
    ['an unusable limit', 'ws://a', { maxMessageBytes: Number.NaN }],
    ['an unusable head limit', 'ws://a', { maxHeaders: -1 }],
  ])('throws at once: %s', (_, url, options) => {
    expect(() => connect(url, options)).toThrow(expect.objectContaining({ name: 'UsageError', code: 'BAD_OPTION' }));
  });

  it('never puts a line break of the address on the wire', async () => {
    const server = await startScripted((request, socket) => socket.write(acceptText(request)));
    const connection = await connect(`${server.url}/a\r\nX-Evil: b?c\r\nd`);
    expect(server.requests[0]).not.toMatch(/^X-Evil/m);
    connection.terminate();
  });
});
