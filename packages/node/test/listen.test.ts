import {
  HalfOpenGate,
  type HandshakeError,
  type ListenOptions,
  listen,
  type WebSocketConnection,
} from '@typewire/node';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ManualTimer } from './manual-timer.ts';
import { clientText, RawClient, serverText, upgradeText } from './raw-client.ts';
import { eventually } from './test-server.ts';

async function start(options: Partial<ListenOptions> = {}) {
  const timer = new ManualTimer();
  const listener = await listen({ port: 0, host: '127.0.0.1', startTimer: timer.start, ...options });
  const refusals: HandshakeError[] = [];
  const connections: WebSocketConnection[] = [];
  listener.on('refused', (error) => refusals.push(error));
  listener.on('connection', (connection) => {
    connections.push(connection);
    connection.on('message', (message) => connection.send(message));
  });
  onTestFinished(async () => {
    const closed = listener.close({ timeoutMs: 0 });
    timer.advance(0);
    await closed;
    expect(timer.size).toBe(0);
  });
  return { listener, timer, refusals, connections };
}

describe('a listener', () => {
  it('accepts, and tells of the connection and its request', async () => {
    const { listener, connections } = await start();
    const request = new Promise((resolve) => listener.on('connection', (_, incoming) => resolve(incoming)));
    const client = await RawClient.open(listener.port);
    client.write(upgradeText({}, 'GET /room?a=b HTTP/1.1'), clientText('glued'));
    await client.until(serverText('glued'));
    expect(await request).toMatchObject({ path: '/room', query: 'a=b', host: 'a.example', remoteAddress: '127.0.0.1' });
    expect(listener.address).toBe('127.0.0.1');
    expect(connections).toHaveLength(1);
    client.reset();
  });

  it('keeps what came with a request while the application thinks and others are read', async () => {
    const verdicts: (() => void)[] = [];
    const verify = () => new Promise<boolean>((resolve) => verdicts.push(() => resolve(true)));
    const { listener } = await start({ verify });
    const client = await RawClient.open(listener.port);
    client.write(upgradeText(), clientText('mine'));
    await eventually(() => verdicts.length === 1);
    const other = await RawClient.open(listener.port);
    other.write(upgradeText({ 'X-Long': 'a'.repeat(4_000) }), clientText('theirs'));
    await eventually(() => verdicts.length === 2);
    for (const letIn of verdicts) letIn();
    await client.until(serverText('mine'));
    await other.until(serverText('theirs'));
    client.reset();
    other.reset();
  });

  it('takes a request byte by byte, however large its head may be', async () => {
    const { listener } = await start();
    const client = await RawClient.open(listener.port);
    await client.trickle(upgradeText({ 'X-Long': 'a'.repeat(1_000) }));
    client.write(clientText('hello'));
    await client.until(serverText('hello'));
    client.reset();
  });

  it.each<[string, number, string]>([
    ['nonsense', 400, 'nonsense\r\n'],
    ['a TLS hello', 400, '\x16\x03\x01'],
    ['a folded header', 400, upgradeText().replace('\r\n\r\n', '\r\n folded\r\n\r\n')],
    ['a bare line feed', 400, 'GET / HTTP/1.1\nHost: a\n\n'],
    ['a plain request', 400, upgradeText({ Upgrade: null, Connection: null })],
    ['a body', 400, upgradeText({ 'Transfer-Encoding': 'chunked' })],
    ['65 headers', 431, `GET / HTTP/1.1\r\n${'a: b\r\n'.repeat(65)}`],
    ['2,100 headers', 431, `GET / HTTP/1.1\r\n${'a: b\r\n'.repeat(2_100)}\r\n`],
    ['a head of more than 8 KiB', 431, `GET /${'a'.repeat(8_192)}`],
    ['version 99', 426, upgradeText({ 'Sec-WebSocket-Version': '99' })],
    ['POST', 405, upgradeText({}, 'POST / HTTP/1.1')],
    ['a foreign page', 403, upgradeText({ Origin: 'https://evil.example' })],
  ])('answers %s with %i and ends the socket', async (_, status, request) => {
    const { listener, refusals } = await start();
    const client = await RawClient.open(listener.port);
    client.write(request);
    expect(await client.untilClosed()).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    await eventually(() => listener.size === 0);
    expect(refusals).toMatchObject([{ status }]);
  });

  it.each<[string, string]>([
    ['before its first byte', ''],
    ['in the middle of the request', upgradeText().slice(0, 40)],
    ['right behind the request', upgradeText()],
    ['in the middle of a frame', `${upgradeText()}\x81`],
  ])('survives a reset %s', async (_, text) => {
    const { listener } = await start();
    const hostile = await RawClient.open(listener.port);
    hostile.write(text);
    hostile.reset();
    await hostile.closed;
    const fair = await RawClient.open(listener.port);
    fair.write(upgradeText(), clientText('hello'));
    await fair.until(serverText('hello'));
    fair.reset();
    await eventually(() => listener.size === 0);
  });

  it('drops a peer that ends before its request is complete', async () => {
    const { listener, refusals } = await start();
    const client = await RawClient.open(listener.port);
    client.socket.end('GET / HTTP/1.1\r\n');
    await client.closed;
    await eventually(() => refusals.length === 1);
    expect(refusals).toMatchObject([{ code: 'ABANDONED' }]);
  });

  it('stops telling a handler that was removed', async () => {
    const { listener, connections } = await start();
    let told = 0;
    const off = listener.on('connection', () => told++);
    off();
    const client = await RawClient.open(listener.port);
    client.write(upgradeText());
    await eventually(() => connections.length === 1);
    expect(told).toBe(0);
    client.reset();
  });

  it('throws on events that do not exist, and on handlers that are none', async () => {
    const { listener } = await start();
    for (const event of ['conection', 'toString', '__proto__', 'constructor', 7]) {
      const message = `there is no event ${JSON.stringify(event)}`;
      expect(() => Reflect.apply(listener.on, listener, [event, () => {}])).toThrow(
        expect.objectContaining({ name: 'UsageError', code: 'BAD_OPTION', message }),
      );
    }
    expect(() => Reflect.apply(listener.on, listener, ['connection', undefined])).toThrow(
      expect.objectContaining({ name: 'UsageError' }),
    );
  });

  it('rejects with the reason when it cannot listen', async () => {
    const { listener } = await start();
    await expect(listen({ port: listener.port, host: '127.0.0.1' })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  it.each<[string, Partial<ListenOptions>]>([
    ['port', { port: 65_536 }],
    ['port', { port: Number.NaN }],
    ['maxHeaders', { maxHeaders: 0 }],
    ['maxHeadBytes', { maxHeadBytes: -1 }],
    ['maxHalfOpen', { maxHalfOpen: 0 }],
    ['maxFragments', { maxFragments: 0 }],
    ['subprotocol', { protocols: ['a b'] }],
  ])('throws at once for an unusable %s', (name, options) => {
    expect(() => listen({ port: 0, ...options })).toThrow(name);
  });
});

describe('the time limit', () => {
  it.each<[string, string]>([
    ['says nothing', ''],
    ['never finishes its request', upgradeText().slice(0, -2)],
  ])('ends a peer that %s after 10 s', async (_, text) => {
    const { listener, timer, refusals } = await start();
    const client = await RawClient.open(listener.port);
    client.write(text);
    await eventually(() => timer.size === 1);
    timer.advance(9_999);
    expect(refusals).toEqual([]);
    timer.advance(1);
    expect(await client.untilClosed()).toMatch(/^HTTP\/1\.1 408 /);
    expect(refusals).toMatchObject([{ code: 'TIMED_OUT' }]);
  });

  it('is not extended by a peer that trickles', async () => {
    const { listener, timer, refusals } = await start();
    const client = await RawClient.open(listener.port);
    await eventually(() => timer.size === 1);
    for (let second = 0; second < 10; second++) {
      await client.trickle('G');
      timer.advance(1_000);
    }
    expect(await client.untilClosed()).toMatch(/^HTTP\/1\.1 408 /);
    expect(refusals).toMatchObject([{ code: 'TIMED_OUT' }]);
  });

  it('ends with the handshake', async () => {
    const { listener, timer, connections } = await start();
    const client = await RawClient.open(listener.port);
    client.write(upgradeText());
    await client.until('\r\n\r\n');
    expect(timer.size).toBe(0);
    timer.advance(60_000);
    client.write(clientText('hello'));
    await client.until(serverText('hello'));
    expect(connections[0]?.state).toBe('open');
    client.reset();
  });
});

describe('handshakes under way', () => {
  it('are limited to 32 for one address, and free their place when they are over', async () => {
    const { listener, refusals } = await start();
    const idle = await Promise.all(Array.from({ length: 32 }, () => RawClient.open(listener.port)));
    await eventually(() => listener.size === 32);
    const late = await RawClient.open(listener.port);
    expect(await late.untilClosed()).toMatch(/^HTTP\/1\.1 503 /);
    expect(refusals).toMatchObject([{ code: 'UNAVAILABLE', status: 503 }]);

    const [first, second] = idle;
    first?.reset();
    second?.write(upgradeText());
    await second?.until(' 101 ');
    await eventually(() => listener.size === 31);
    // Two places are free: one peer left, and the other is a connection now.
    for (let count = 0; count < 2; count++) {
      const fair = await RawClient.open(listener.port);
      fair.write(upgradeText(), clientText('hello'));
      await fair.until(serverText('hello'));
    }
  });

  it('are counted together by listeners that share a gate', async () => {
    const halfOpenGate = new HalfOpenGate({ maxHalfOpenPerAddress: 1 });
    const one = await start({ halfOpenGate });
    const two = await start({ halfOpenGate });
    await RawClient.open(one.listener.port);
    await eventually(() => halfOpenGate.size === 1);
    const late = await RawClient.open(two.listener.port);
    expect(await late.untilClosed()).toMatch(/^HTTP\/1\.1 503 /);
  });
});
