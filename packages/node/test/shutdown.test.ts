import { createServer } from 'node:http';
import {
  ConnectionTracker,
  connect,
  createUpgradeGate,
  listen,
  type UpgradeGateOptions,
  upgradeGateOf,
  type WebSocketConnection,
} from '@typewire/node';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ManualTimer } from './manual-timer.ts';
import { clientText, RawClient, serverText, upgradeText } from './raw-client.ts';
import { eventually, listenOnLoopback } from './test-server.ts';

const closeFrame1001 = '\x88\x02\x03\xe9';

describe('closing a listener', () => {
  it('closes connections with 1001, and resolves when the sockets are gone', async () => {
    const listener = await listen({ port: 0, host: '127.0.0.1' });
    const connection = await connect(`ws://127.0.0.1:${listener.port}`);
    const outcome = new Promise((resolve) => connection.on('closed', resolve));
    await listener.close();
    expect(await outcome).toMatchObject({ code: 1001, clean: true });
    expect(listener.size).toBe(0);
    await expect(connect(`ws://127.0.0.1:${listener.port}`)).rejects.toMatchObject({ code: 'REFUSED' });
  });

  it('destroys sockets whose peers do not answer', async () => {
    const timer = new ManualTimer();
    const listener = await listen({ port: 0, host: '127.0.0.1', startTimer: timer.start });
    const client = await RawClient.open(listener.port);
    client.socket.allowHalfOpen = true;
    client.write(upgradeText());
    await client.until('\r\n\r\n');
    const closed = listener.close({ code: 1012, timeoutMs: 500 });
    await client.until('\x88\x02\x03\xf4');
    expect(listener.size).toBe(1);
    timer.advance(500);
    await closed;
    expect(listener.size).toBe(0);
    client.reset();
  });

  it('refuses handshakes under way with 503', async () => {
    const listener = await listen({ port: 0, host: '127.0.0.1', verify: () => new Promise(() => {}) });
    const asking = await RawClient.open(listener.port);
    asking.write(upgradeText());
    const silent = await RawClient.open(listener.port);
    await eventually(() => listener.size === 2);
    const closed = listener.close();
    expect(await asking.untilClosed()).toMatch(/^HTTP\/1\.1 503 /);
    expect(await silent.untilClosed()).toMatch(/^HTTP\/1\.1 503 /);
    await closed;
  });

  it('may be asked for twice, and without connections', async () => {
    const listener = await listen({ port: 0, host: '127.0.0.1' });
    await Promise.all([listener.close(), listener.close()]);
    await listener.close();
  });

  it('refuses a code that cannot be sent before anything has happened', async () => {
    const listener = await listen({ port: 0, host: '127.0.0.1' });
    await expect(listener.close({ code: 1006 })).rejects.toMatchObject({ name: 'UsageError' });
    const connection = await connect(`ws://127.0.0.1:${listener.port}`);
    expect(connection.state).toBe('open');
    await listener.close();
  });
});

describe('a tracker', () => {
  it('closes a connection that was accepted just as closing began', () => {
    const tracker = new ConnectionTracker();
    expect(tracker.size).toBe(0);
    expect(tracker.isClosing).toBe(false);
    void tracker.closeAll();
    expect(tracker.isClosing).toBe(true);
  });
});

async function startGate(options: UpgradeGateOptions = {}) {
  const http = createServer((_, response) => response.end('plain http'));
  const gate = createUpgradeGate(http, options);
  const port = await listenOnLoopback(http);
  onTestFinished(async () => {
    http.closeAllConnections();
    await gate.closeServer({ timeoutMs: 0 });
  });
  return { http, gate, port };
}

function echo(connection: WebSocketConnection): void {
  connection.on('message', (message) => connection.send(message));
}

async function ask(port: number, path: string, origin: string): Promise<string> {
  const client = await RawClient.open(port);
  client.write(upgradeText({ Origin: origin }, `GET ${path} HTTP/1.1`));
  const answer = await client.until('\r\n\r\n');
  client.reset();
  return answer.slice(9, 12);
}

describe('a gate on an HTTP server', () => {
  it('serves its mounts, each by its own policy, in whichever order they are asked', async () => {
    const { gate, port } = await startGate();
    gate.mount('/a', { origins: ['https://a.test'] }, echo);
    gate.mount('/b', { origins: ['https://b.test'] }, echo);
    for (const [path, origin, status] of [
      ['/a', 'https://a.test', '101'],
      ['/b', 'https://a.test', '403'],
      ['/b', 'https://b.test', '101'],
      ['/a', 'https://b.test', '403'],
      ['/a?x=/b', 'https://a.test', '101'],
      ['http://host/b', 'https://b.test', '101'],
    ] as const) {
      expect(await ask(port, path, origin), `${path} from ${origin}`).toBe(status);
    }
  });

  it.each(['/', '/c', '/a/', '/A', '/a%00', '*', 'http://x', '/__proto__', 'constructor'])(
    'answers an upgrade to %s with 404 and ends the socket',
    async (path) => {
      const { gate, port } = await startGate();
      gate.mount('/a', {}, echo);
      const client = await RawClient.open(port);
      client.write(upgradeText({}, `GET ${path} HTTP/1.1`));
      expect(await client.untilClosed()).toMatch(/^HTTP\/1\.1 (404|400) /);
    },
  );

  it('leaves other paths to the listeners of others, as those of a development server', async () => {
    const { http, gate, port } = await startGate();
    gate.mount('/a', {}, echo);
    http.on('upgrade', (request, socket) => request.url === '/other' && setImmediate(() => socket.end('mine')));
    const client = await RawClient.open(port);
    client.write(upgradeText({}, 'GET /other HTTP/1.1'));
    expect(await client.untilClosed()).toBe('mine');
  });

  it('answers with 404 what no other listener has answered for the time of a handshake, and nothing else', async () => {
    const timer = new ManualTimer();
    const { http, port } = await startGate({ startTimer: timer.start });
    http.on('upgrade', (request, socket) => request.url === '/other' && socket.write('mine'));
    const [other, unknown, gone] = await Promise.all(
      ['/other', '/unknown', '/unknown'].map(async (path) => {
        const client = await RawClient.open(port);
        client.write(upgradeText({}, `GET ${path} HTTP/1.1`));
        return client;
      }),
    );
    await eventually(() => timer.size === 3);
    gone?.reset();
    await eventually(() => timer.size === 2);
    timer.advance(9_999);
    timer.advance(1);
    expect(await unknown?.untilClosed()).toMatch(/^HTTP\/1\.1 404 /);
    expect(await other?.until('mine')).toBe('mine');
    expect(timer.size).toBe(0);
    other?.reset();
  });

  it('leaves other paths to other listeners when told to', async () => {
    const { http, gate, port } = await startGate({ whenUnmatched: 'leave' });
    gate.mount('/a', {}, echo);
    http.on('upgrade', (request, socket) => request.url === '/other' && socket.end('mine'));
    const client = await RawClient.open(port);
    client.write(upgradeText({}, 'GET /other HTTP/1.1'));
    expect(await client.untilClosed()).toBe('mine');
  });

  it('takes a mount away again and keeps what is open', async () => {
    const { gate, port } = await startGate();
    const unmount = gate.mount('/a', {}, echo);
    const client = await RawClient.open(port);
    client.write(upgradeText({}, 'GET /a HTTP/1.1'));
    await client.until('\r\n\r\n');
    unmount();
    unmount();
    expect(await ask(port, '/a', 'http://a.example')).toBe('404');
    client.write(clientText('still'));
    await client.until(serverText('still'));
    client.reset();
  });

  it('ends its connections with the server, which alone would wait for them', async () => {
    const { http, gate, port } = await startGate();
    gate.mount('/a', {}, echo);
    const client = await RawClient.open(port);
    client.write(upgradeText({}, 'GET /a HTTP/1.1'));
    await client.until('\r\n\r\n');
    let stopped = false;
    http.once('close', () => {
      stopped = true;
    });
    http.close();
    expect(gate.size).toBe(1);
    expect(stopped).toBe(false);
    const closed = gate.closeServer();
    await client.until(closeFrame1001);
    client.write(Uint8Array.of(0x88, 0x82, 0, 0, 0, 0, 0x03, 0xe9));
    await closed;
    expect(gate.size).toBe(0);
    expect(stopped).toBe(true);
  });

  it('answers upgrades with 503 once it is closed, and the HTTP server goes on', async () => {
    const { gate, port } = await startGate();
    gate.mount('/a', {}, echo);
    await gate.close();
    expect(await ask(port, '/a', 'http://a.example')).toBe('503');
    const response = await fetch(`http://127.0.0.1:${port}/`);
    expect(await response.text()).toBe('plain http');
  });

  it('exists once for each server', async () => {
    const { http, gate } = await startGate();
    expect(upgradeGateOf(http)).toBe(gate);
    expect(upgradeGateOf(createServer())).toBeNull();
    expect(() => createUpgradeGate(http)).toThrow(/already/);
  });

  it('refuses paths that cannot be or are taken', async () => {
    const { gate } = await startGate();
    gate.mount('/a', {}, echo);
    for (const path of ['/a', 'a', '/b?c', '']) expect(() => gate.mount(path, {}, echo), path).toThrow(/path|\/a/);
  });
});
