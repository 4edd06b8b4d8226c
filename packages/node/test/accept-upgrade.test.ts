import { createServer } from 'node:http';
import type { Duplex } from 'node:stream';
import { acceptUpgrade, refuseUpgrade, type UpgradeOptions, type Verdict } from '@typewire/node';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ManualTimer } from './manual-timer.ts';
import { clientText, RawClient, sampleAccept, serverText, upgradeText } from './raw-client.ts';
import { eventually, listenOnLoopback, startHttpServer } from './test-server.ts';

async function answerTo(request: string, options: UpgradeOptions = {}): Promise<string> {
  const server = await startHttpServer(options);
  const client = await RawClient.open(server.port);
  client.write(request);
  return client.untilClosed();
}

/** What a program in plain JavaScript may return in place of a verdict. */
function whatever(value: unknown): Verdict {
  return value as Verdict;
}

/** A check of the application that answers when the test says so. */
function slowVerify() {
  const asked: { answer: (verdict: Verdict) => void; fail: (error: Error) => void; signal: AbortSignal }[] = [];
  const verify: UpgradeOptions['verify'] = (_, signal) =>
    new Promise((answer, fail) => asked.push({ answer, fail, signal }));
  return { asked, verify };
}

describe('accepting', () => {
  it('answers 101 and exchanges messages', async () => {
    const server = await startHttpServer();
    const client = await RawClient.open(server.port);
    client.write(upgradeText());
    expect(await client.until('\r\n\r\n')).toBe(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${sampleAccept}\r\n\r\n`,
    );
    client.write(clientText('hello'));
    await client.until(serverText('hello'));
    expect(server.connections).toHaveLength(1);
    expect(server.connections[0]).toMatchObject({ protocol: '', remoteAddress: '127.0.0.1', state: 'open' });
    client.reset();
  });

  it('delivers frames that came glued to the request', async () => {
    const server = await startHttpServer();
    const client = await RawClient.open(server.port);
    client.write(upgradeText(), clientText('one'), clientText('two'));
    await client.until(serverText('one') + serverText('two'));
    client.reset();
  });

  it('takes a request byte by byte', async () => {
    const server = await startHttpServer();
    const client = await RawClient.open(server.port);
    await client.trickle(upgradeText());
    client.write(clientText('hello'));
    await client.until(serverText('hello'));
    client.reset();
  });

  it('chooses a subprotocol and sends headers of the application', async () => {
    const server = await startHttpServer({
      protocols: ['b', 'a'],
      headers: (request) => [
        ['Set-Cookie', `path=${request.path}`],
        ['Set-Cookie', 'x=y'],
      ],
    });
    const client = await RawClient.open(server.port);
    client.write(upgradeText({ 'Sec-WebSocket-Protocol': 'a, b' }, 'GET /room?x HTTP/1.1'));
    const answer = await client.until('\r\n\r\n');
    expect(answer).toContain('\r\nSec-WebSocket-Protocol: b\r\nSet-Cookie: path=/room\r\nSet-Cookie: x=y\r\n');
    expect(server.connections[0]?.protocol).toBe('b');
    client.reset();
  });

  it('asks a function for the subprotocol', async () => {
    const server = await startHttpServer({
      protocols: (offered, { path }) => (path === '/a' ? (offered[1] ?? null) : null),
    });
    const client = await RawClient.open(server.port);
    client.write(upgradeText({ 'Sec-WebSocket-Protocol': 'a, b' }, 'GET /a HTTP/1.1'));
    expect(await client.until('\r\n\r\n')).toContain('\r\nSec-WebSocket-Protocol: b\r\n');
    client.reset();
  });
});

describe('refusing', () => {
  it.each<[string, number, string]>([
    ['version 12', 426, upgradeText({ 'Sec-WebSocket-Version': '12' })],
    ['no version', 426, upgradeText({ 'Sec-WebSocket-Version': null })],
    ['two keys that Node would join', 400, upgradeText({ 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==' })],
    ['a bad key', 400, upgradeText({ 'Sec-WebSocket-Key': 'x' })],
    ['another method', 405, upgradeText({}, 'POST / HTTP/1.1')],
    ['h2c', 400, upgradeText({ Upgrade: 'h2c' })],
    ['an upgrade to nothing known', 400, upgradeText({ Upgrade: '__proto__' })],
    ['two Hosts that Node would hide', 400, upgradeText({ host: 'b.example' })],
    ['a body', 400, upgradeText({ 'Content-Length': '5' })],
    ['subprotocols that are none', 400, upgradeText({ 'Sec-WebSocket-Protocol': 'a b' })],
  ])('answers %s with %i and ends the socket', async (_, status, request) => {
    const server = await startHttpServer();
    const client = await RawClient.open(server.port);
    client.write(request);
    const answer = await client.untilClosed();
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(answer).toMatch(/\r\nConnection: close/);
    expect(answer.split('\r\n\r\n')[1]).toMatch(/^[A-Z].+\.\n$/);
    await eventually(() => server.sockets.size === 0);
    expect(server.refusals).toMatchObject([{ name: 'HandshakeError', status }]);
  });

  it('names the versions it speaks', async () => {
    expect(await answerTo(upgradeText({ 'Sec-WebSocket-Version': '7' }))).toContain(
      '\r\nSec-WebSocket-Version: 13, 8\r\n',
    );
  });

  it.each<[string, string]>([
    ['behind', upgradeText().replace('\r\n\r\n', `\r\n${'a: b\r\n'.repeat(2_100)}\r\n`)],
    ['in front of', upgradeText().replace('\r\n', `\r\n${'a: b\r\n'.repeat(2_100)}`)],
  ])('answers so many headers %s the known ones that Node hides some with 400', async (_, request) => {
    expect(await answerTo(request)).toMatch(/^HTTP\/1\.1 400 /);
  });

  it('answers a page on another origin with 403 before the upgrade, whatever cookie it brings', async () => {
    const foreign = upgradeText({ Origin: 'https://evil.example', Cookie: 'session=1' });
    expect(await answerTo(foreign)).toMatch(/^HTTP\/1\.1 403 /);
    expect(await answerTo(foreign, { origins: ['https://good.example', '*.vil.example'] })).toMatch(/^HTTP\/1\.1 403 /);
    expect(await answerTo(upgradeText({ Origin: 'null' }))).toMatch(/^HTTP\/1\.1 403 /);
    expect(await answerTo(upgradeText({ Cookie: 'session=1' }))).toMatch(/^HTTP\/1\.1 403 /);
  });

  it('names the option to a program that brings a cookie without an origin', async () => {
    expect(await answerTo(upgradeText({ Cookie: 'session=1' }))).toContain('missingOrigin');
    expect(await answerTo(upgradeText(), { missingOrigin: 'refuse' })).toContain('missingOrigin');
    expect(await answerTo(upgradeText({ Origin: 'https://evil.example' }))).not.toContain('missingOrigin');
    expect(await answerTo(upgradeText(), { origins: () => false })).not.toContain('missingOrigin');
  });

  it('is not fooled by the origin header of version 8', async () => {
    const request = upgradeText({ 'Sec-WebSocket-Version': '8', 'Sec-WebSocket-Origin': 'https://evil.example' });
    expect(await answerTo(request)).toMatch(/^HTTP\/1\.1 403 /);
  });

  it('lets pages of the same host and listed ones in', async () => {
    for (const [origin, options] of [
      ['https://a.example', {}],
      ['https://b.example', { origins: ['https://b.example'] }],
    ] as const) {
      const server = await startHttpServer(options);
      const client = await RawClient.open(server.port);
      client.write(upgradeText({ Origin: origin, Cookie: 'session=1' }));
      expect(await client.until('\r\n\r\n')).toContain(' 101 ');
      client.reset();
    }
  });
});

describe("the application's check", () => {
  it.each<[string, Verdict, RegExp]>([
    ['no', false, /^HTTP\/1\.1 403 Forbidden\r\n/],
    ['a status', { status: 401 }, /^HTTP\/1\.1 401 Unauthorized\r\n/],
    ['a status and a text', { status: 429, text: 'Slow down.' }, /^HTTP\/1\.1 429 [\s\S]*Slow down\.\n$/],
  ])('may answer %s', async (_, verdict, expected) => {
    expect(await answerTo(upgradeText(), { verify: () => verdict })).toMatch(expected);
    expect(await answerTo(upgradeText(), { verify: async () => verdict })).toMatch(expected);
  });

  it.each<[string, UpgradeOptions]>([
    [
      'verify throws',
      {
        verify: () => {
          throw new Error('secret');
        },
      },
    ],
    ['verify rejects', { verify: () => Promise.reject(new Error('secret')) }],
    ['verify forgets to return', { verify: () => whatever(undefined) }],
    ['verify gives a status that refuses nothing', { verify: () => whatever({ status: 200 }) }],
    ['verify gives a text with a line break', { verify: () => ({ status: 403, text: 'a\r\nSet-Cookie: secret' }) }],
    [
      'origins throws',
      {
        origins: () => {
          throw new Error('secret');
        },
      },
    ],
    [
      'protocols throws',
      {
        protocols: () => {
          throw new Error('secret');
        },
      },
    ],
    ['protocols chooses what was not offered', { protocols: () => 'secret' }],
    [
      'headers throws',
      {
        headers: () => {
          throw new Error('secret');
        },
      },
    ],
    ['headers injects a line', { headers: () => ({ 'X-A': 'a\r\nSet-Cookie: secret' }) }],
    ['headers sets what is ours', { headers: () => ({ 'Sec-WebSocket-Accept': 'secret' }) }],
  ])('answers 500 and tells nothing when %s', async (_, options) => {
    const server = await startHttpServer(options);
    const client = await RawClient.open(server.port);
    client.write(upgradeText());
    const answer = await client.untilClosed();
    expect(answer).toMatch(/^HTTP\/1\.1 500 /);
    expect(answer).not.toContain('secret');
    expect(server.refusals).toMatchObject([{ code: 'HOOK_FAILED', cause: { name: expect.stringMatching(/Error$/) } }]);
  });

  it('may take its time, while bytes that arrive are kept', async () => {
    const { asked, verify } = slowVerify();
    const server = await startHttpServer({ verify });
    const client = await RawClient.open(server.port);
    client.write(upgradeText(), clientText('glued'));
    await eventually(() => asked.length === 1);
    client.write(clientText('early'));
    asked[0]?.answer(true);
    await client.until(serverText('glued') + serverText('early'));
    client.reset();
  });

  it('is told by its signal when the peer resets, and its late answer changes nothing', async () => {
    const { asked, verify } = slowVerify();
    const server = await startHttpServer({ verify });
    const client = await RawClient.open(server.port);
    client.write(upgradeText());
    await eventually(() => asked.length === 1);
    client.reset();
    await eventually(() => server.refusals.length === 1);
    expect(server.refusals).toMatchObject([{ code: 'ABANDONED', status: null }]);
    expect(asked[0]?.signal.aborted).toBe(true);
    asked[0]?.answer(true);
    await eventually(() => server.sockets.size === 0);
    expect(server.connections).toEqual([]);
  });

  it('is over after the time limit, which is answered', async () => {
    const timer = new ManualTimer();
    const { asked, verify } = slowVerify();
    const server = await startHttpServer({ verify, startTimer: timer.start });
    const client = await RawClient.open(server.port);
    client.write(upgradeText());
    await eventually(() => asked.length === 1);
    timer.advance(9_999);
    expect(server.refusals).toEqual([]);
    timer.advance(1);
    expect(await client.untilClosed()).toMatch(/^HTTP\/1\.1 408 /);
    expect(asked[0]?.signal.aborted).toBe(true);
    asked[0]?.fail(new Error('too late'));
    await eventually(() => timer.size === 0);
    expect(server.refusals).toMatchObject([{ code: 'TIMED_OUT' }]);
  });
});

describe('a reset', () => {
  it.each<[string, string]>([
    ['in the middle of the request', upgradeText().slice(0, 60)],
    ['right behind the request', upgradeText()],
    ['right behind a bad request', upgradeText({ 'Sec-WebSocket-Key': null })],
    ['in the middle of a frame', `${upgradeText()}\x81\x85`],
  ])('%s harms nobody', async (_, text) => {
    const server = await startHttpServer();
    const hostile = await RawClient.open(server.port);
    hostile.write(text);
    hostile.reset();
    await hostile.closed;
    const fair = await RawClient.open(server.port);
    fair.write(upgradeText(), clientText('hello'));
    await fair.until(serverText('hello'));
    fair.reset();
    await eventually(() => server.sockets.size === 0);
  });

  it('right after the 101 harms nobody', async () => {
    const server = await startHttpServer();
    const hostile = await RawClient.open(server.port);
    hostile.write(upgradeText());
    await hostile.until('\r\n\r\n');
    const outcome = new Promise((resolve) => server.connections[0]?.on('closed', resolve));
    hostile.reset();
    expect(await outcome).toMatchObject({ code: 1006, clean: false });
    await eventually(() => server.sockets.size === 0);
  });
});

describe('a peer that is refused and stays', () => {
  it('is destroyed after two seconds', async () => {
    const timer = new ManualTimer();
    const server = await startHttpServer({ verify: () => false, startTimer: timer.start });
    const client = await RawClient.open(server.port);
    client.socket.allowHalfOpen = true;
    client.write(upgradeText());
    await client.until('\r\n\r\n');
    expect(server.sockets.size).toBe(1);
    timer.advance(2_000);
    await eventually(() => server.sockets.size === 0);
    expect(timer.size).toBe(0);
    client.reset();
  });

  it('is destroyed when it goes on sending', async () => {
    const timer = new ManualTimer();
    const server = await startHttpServer({ verify: () => false, startTimer: timer.start });
    const client = await RawClient.open(server.port);
    client.socket.allowHalfOpen = true;
    client.write(upgradeText());
    await client.until('\r\n\r\n');
    client.write(Buffer.alloc(1_048_576));
    await eventually(() => server.sockets.size === 0);
    expect(timer.size).toBe(0);
  });
});

it('throws at once for options that cannot work', async () => {
  const server = createServer();
  const port = await listenOnLoopback(server);
  onTestFinished(() => void server.close());
  const bad: UpgradeOptions[] = [
    { protocols: ['a b'] },
    { protocols: ['a', 'a'] },
    { headers: { Upgrade: 'x' } },
    { headers: { 'X-A': 'a\nb' } },
    { handshakeTimeoutMs: 0 },
    { maxMessageBytes: -1 },
    { origins: ['nonsense/'] },
  ];
  const errors = new Promise<unknown[]>((resolve) => {
    server.on('upgrade', (request, socket: Duplex, head) => {
      const thrown = bad.map((options) => {
        try {
          return acceptUpgrade(request, socket, head, options);
        } catch (error) {
          return error;
        }
      });
      refuseUpgrade(socket, 404);
      resolve(thrown);
    });
  });
  const client = await RawClient.open(port);
  client.write(upgradeText());
  expect(await errors).toEqual(bad.map(() => expect.objectContaining({ name: 'UsageError', code: 'BAD_OPTION' })));
  expect(await client.untilClosed()).toMatch(/^HTTP\/1\.1 404 Not Found\r\n/);
});
