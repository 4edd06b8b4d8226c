import { createServer } from 'node:http';
import v8 from 'node:v8';
import { createDeflateRaw, createInflateRaw, deflateRawSync } from 'node:zlib';
import { acceptFor, type ClosedEvent, MAX_HEADER_BYTES, Opcode, writeHeader } from '@typewire/frame';
import {
  type ConnectOptions,
  connect,
  createUpgradeGate,
  type ListenOptions,
  listen,
  type PerMessageDeflateOptions,
  prepareMessage,
  type WebSocketConnection,
} from '@typewire/node';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { deflaterFor, inflaterFor } from '../src/deflate-codec.ts';
import { sha1 } from '../src/sha1.ts';
import { ZlibJob } from '../src/zlib-job.ts';
import { RawClient, upgradeText } from './raw-client.ts';
import { inbox, turn, until, whenClosed } from './socket-pair.ts';
import { listenOnLoopback } from './test-server.ts';

const large = JSON.stringify(Array.from({ length: 200 }, (_, id) => ({ id, name: `Grüße ${id % 7}` })));
const takeover = { serverNoContextTakeover: false, clientNoContextTakeover: false };

/** Numbers from 0 to 1, the same in each run. */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return state / 0x80000000;
  };
}

async function startListener(options: Partial<ListenOptions> = {}) {
  const listener = await listen({ port: 0, host: '127.0.0.1', ...options });
  onTestFinished(() => listener.close({ timeoutMs: 0 }));
  return listener;
}

/** A server's and a client's connection with these options; the client has been told everything that is there. */
async function pair(
  server: boolean | PerMessageDeflateOptions,
  client: boolean | PerMessageDeflateOptions,
  options: Partial<ListenOptions> = {},
): Promise<{ server: WebSocketConnection; client: WebSocketConnection }> {
  const listener = await startListener({ perMessageDeflate: server, ...options });
  const accepted = new Promise<WebSocketConnection>((resolve) => listener.on('connection', resolve));
  const connection = await connect(`ws://127.0.0.1:${listener.port}/`, { perMessageDeflate: client });
  return { server: await accepted, client: connection };
}

function countDeflate(windowBits: number, level = 3) {
  const spy = vi.spyOn(deflaterFor(windowBits, { level, memLevel: 5 }), 'deflate');
  onTestFinished(() => spy.mockRestore());
  return spy;
}

describe('compression', () => {
  it.each<[string, boolean, boolean, string]>([
    ['both', true, true, 'server_no_context_takeover; client_no_context_takeover; client_max_window_bits=12'],
    ['the server alone', true, false, ''],
    ['the client alone', false, true, ''],
    ['nobody', false, false, ''],
  ])('is used when %s asked for it', async (_, ours, theirs, agreed) => {
    const { server, client } = await pair(ours, theirs);
    const extensions = agreed === '' ? '' : `permessage-deflate; ${agreed}`;
    expect([server.extensions, client.extensions]).toEqual([extensions, extensions]);
    const deflate = countDeflate(12);
    const [atServer, atClient] = [inbox(server), inbox(client)];
    client.send(large);
    server.send(large);
    expect(await atServer.take(1)).toEqual([large]);
    expect(await atClient.take(1)).toEqual([large]);
    expect(deflate).toHaveBeenCalledTimes(agreed === '' ? 0 : 2);
  });

  it('works on an HTTP server, for one mount and not for the other', async () => {
    const http = createServer();
    const gate = createUpgradeGate(http);
    const echo = (connection: WebSocketConnection) => connection.on('message', (message) => connection.send(message));
    gate.mount('/on', { perMessageDeflate: true }, echo);
    gate.mount('/off', {}, echo);
    const port = await listenOnLoopback(http);
    onTestFinished(() => gate.closeServer());
    for (const path of ['/on', '/off']) {
      const client = await connect(`ws://127.0.0.1:${port}${path}`, { perMessageDeflate: true });
      expect(client.extensions).toMatch(path === '/on' ? /^permessage-deflate/ : /^$/);
      const arrived = inbox(client);
      client.send(large);
      expect(await arrived.take(1)).toEqual([large]);
    }
  });

  it('leaves short messages plain, on the wire, and sends fewer bytes for long ones', async () => {
    const listener = await startListener({ perMessageDeflate: true });
    listener.on('connection', (connection) => {
      connection.send('short');
      connection.send(large);
      connection.close(1000);
    });
    const raw = await RawClient.open(listener.port);
    raw.write(upgradeText({ 'Sec-WebSocket-Extensions': 'permessage-deflate; client_max_window_bits' }));
    const [head = ''] = (await raw.until('\r\n\r\n')).match(/^.*?\r\n\r\n/s) ?? [];
    expect(head).toContain('\r\nSec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover;');
    const received = await raw.until('\x88\x02\x03\xe8');
    expect(received.slice(head.length).startsWith('\x81\x05short\xc1\x7e')).toBe(true);
    expect(received.length - head.length).toBeLessThan(large.length / 3);
    raw.reset();
  });

  it('is refused with 400 where the offer is no list of extensions, if it is on at all', async () => {
    for (const [perMessageDeflate, status] of [
      [true, '400'],
      [false, '101'],
    ] as const) {
      const refusals: string[] = [];
      const listener = await startListener({ perMessageDeflate });
      listener.on('refused', (error) => refusals.push(error.code));
      const raw = await RawClient.open(listener.port);
      raw.write(upgradeText({ 'Sec-WebSocket-Extensions': 'permessage-deflate; x="\\c\\c' }));
      expect(await raw.until('\r\n\r\n')).toContain(`HTTP/1.1 ${status}`);
      expect(refusals).toEqual(perMessageDeflate ? ['BAD_EXTENSION'] : []);
      raw.reset();
    }
  });

  it.each([
    ['permessage-deflate; server_max_window_bits=16', 'BAD_EXTENSION'],
    ['permessage-deflate', 'BAD_EXTENSION'],
    ['permessage-bzip2', 'EXTENSION_NOT_OFFERED'],
  ])('fails the handshake of a client for the answer %j', async (extensions, code) => {
    const http = createServer();
    http.on('upgrade', (request, socket) => {
      const accept = acceptFor(String(request.headers['sec-websocket-key']), sha1);
      const lines = ['HTTP/1.1 101 OK', 'Upgrade: websocket', 'Connection: upgrade', `Sec-WebSocket-Accept: ${accept}`];
      socket.end([...lines, `Sec-WebSocket-Extensions: ${extensions}`, '', ''].join('\r\n'));
    });
    const port = await listenOnLoopback(http);
    onTestFinished(() => void http.close());
    const url = `ws://127.0.0.1:${port}/`;
    await expect(connect(url, { perMessageDeflate: true })).rejects.toMatchObject({ code, status: 101 });
    await expect(connect(url)).rejects.toMatchObject({ code: 'EXTENSION_NOT_OFFERED' });
  });
});

describe('messages keep their order', () => {
  it.each<[string, PerMessageDeflateOptions]>([
    ['without takeover', {}],
    ['with takeover', takeover],
  ])('whatever zlib does, %s', async (_, options) => {
    const { server, client } = await pair({ thresholdBytes: 100, ...options }, { thresholdBytes: 100, ...options });
    const random = seededRandom(7);
    const make = (index: number): string | Uint8Array => {
      // Short and long, text and bytes, what compresses well and what does not at all.
      const length = Math.floor(random() ** 4 * 60_000);
      const kind = index % 3;
      if (kind === 0) return `${index}:${'ab€'.repeat(length / 5)}`;
      if (kind === 1) return `${index}:${Array.from({ length: length / 20 }, () => random().toString(36)).join('')}`;
      return Uint8Array.from({ length: length / 4 + 2 }, (__, at) => (at === 0 ? index : random() * 256));
    };
    const messages = Array.from({ length: 120 }, (__, index) => make(index));
    for (const [from, to] of [
      [server, client],
      [client, server],
    ] as const) {
      const arrived = inbox(to);
      const pings: string[] = [];
      to.on('ping', (payload) => pings.push(Buffer.from(payload).toString()));
      for (const [index, message] of messages.entries()) {
        if (index % 4 === 0) from.sendPrepared(prepareMessage(message));
        else from.send(message);
        if (index % 10 === 0) from.ping(`ping ${index}`);
      }
      expect(await arrived.take(messages.length)).toEqual(messages);
      expect(pings).toEqual(Array.from({ length: 12 }, (__, index) => `ping ${index * 10}`));
    }
  });

  it('and a close comes after all of them', async () => {
    const { server, client } = await pair(true, true);
    const arrived = inbox(client);
    const closed = whenClosed(client);
    for (let count = 0; count < 10; count++) server.send(large);
    server.close(4001);
    expect(await arrived.take(10)).toHaveLength(10);
    expect(await closed).toMatchObject({ code: 4001, clean: true });
  });
});

describe('a prepared message', () => {
  async function audience(
    count: number,
    client: PerMessageDeflateOptions | boolean,
    options: ListenOptions['perMessageDeflate'] = true,
  ) {
    const listener = await startListener({ perMessageDeflate: options ?? true });
    const members: WebSocketConnection[] = [];
    listener.on('connection', (connection) => members.push(connection));
    const clients: ReturnType<typeof inbox>[] = [];
    for (let index = 0; index < count; index++) {
      clients.push(inbox(await connect(`ws://127.0.0.1:${listener.port}/`, { perMessageDeflate: client })));
    }
    return { members, clients };
  }

  it('is compressed once for all connections', async () => {
    const { members, clients } = await audience(20, true);
    const deflate = countDeflate(12);
    const message = prepareMessage(large);
    for (const member of members) member.sendPrepared(message);
    for (const client of clients) expect(await client.take(1)).toEqual([large]);
    expect(deflate).toHaveBeenCalledTimes(1);
  });

  it('is compressed once with context takeover, too, and later messages may refer to it', async () => {
    const { members, clients } = await audience(5, takeover, takeover);
    const deflate = countDeflate(12);
    const message = prepareMessage(large);
    for (const member of members) member.sendPrepared(message);
    expect(deflate).toHaveBeenCalledTimes(1);
    for (const member of members) member.send(large);
    for (const client of clients) expect(await client.take(2)).toEqual([large, large]);
    expect(deflate.mock.calls.map(([, history]) => history?.length ?? 0)).toEqual([
      0, 4_096, 4_096, 4_096, 4_096, 4_096,
    ]);
  });

  it('is compressed once for each window', async () => {
    const narrow = await audience(3, { serverMaxWindowBits: 9 });
    const wide = await audience(3, true);
    const counts = [countDeflate(9), countDeflate(12)];
    const bytes = new Uint8Array(Buffer.from(large));
    const message = prepareMessage(bytes);
    for (const member of [...narrow.members, ...wide.members]) member.sendPrepared(message);
    for (const client of [...narrow.clients, ...wide.clients]) expect(await client.take(1)).toEqual([bytes]);
    for (const deflate of counts) expect(deflate).toHaveBeenCalledTimes(1);
  });

  it('is not compressed for nobody, below the threshold, or where that is no use', async () => {
    const plain = await audience(3, false);
    const compressing = await audience(3, true);
    const deflate = countDeflate(12);
    for (const member of plain.members) member.sendPrepared(prepareMessage(large));
    for (const member of compressing.members) member.sendPrepared(prepareMessage('short'));
    expect(deflate).toHaveBeenCalledTimes(0);
    const random = seededRandom(3);
    const noise = Uint8Array.from({ length: 2_000 }, () => random() * 256);
    const message = prepareMessage(noise);
    for (const member of compressing.members) member.sendPrepared(message);
    expect(deflate).toHaveBeenCalledTimes(1);
    for (const client of compressing.clients) expect(await client.take(2)).toEqual(['short', noise]);
  });

  it('is masked anew by each client', async () => {
    const { server, client } = await pair(true, true);
    const arrived = inbox(server);
    const message = prepareMessage(large);
    client.sendPrepared(message);
    client.sendPrepared(message);
    expect(await arrived.take(2)).toEqual([large, large]);
  });
});

describe('a hostile peer', () => {
  const zeros = (bytes: number) => deflateRawSync(Buffer.alloc(bytes), { level: 9, finishFlush: 2 }).subarray(0, -4);

  async function attack(payload: Buffer, options: PerMessageDeflateOptions = {}): Promise<ClosedEvent> {
    const listener = await startListener({ perMessageDeflate: { ...options } });
    const accepted = new Promise<WebSocketConnection>((resolve) => listener.on('connection', resolve));
    const raw = await RawClient.open(listener.port);
    raw.write(upgradeText({ 'Sec-WebSocket-Extensions': 'permessage-deflate' }));
    const closed = whenClosed(await accepted);
    const head = new Uint8Array(MAX_HEADER_BYTES);
    const headBytes = writeHeader(head, 0, Opcode.Binary, true, payload.length, 0);
    head[0] = 0xc2;
    raw.write(head.subarray(0, headBytes), payload);
    return closed;
  }

  it('is closed with 1009 for 64 MiB out of 65 kB', async () => {
    expect(await attack(zeros(64 * 1_048_576))).toMatchObject({ code: 1009, error: { code: 'PAYLOAD_TOO_BIG' } });
  });

  it('is closed with 1007 for what is not DEFLATE', async () => {
    expect(await attack(Buffer.alloc(70_000, 0xff))).toMatchObject({ code: 1007, error: { code: 'INVALID_DEFLATE' } });
  });

  it('that has a server inflate too much in too little time is read more slowly, and loses nothing', async () => {
    const { server, client } = await pair({ maxInflatedBytesPerSecond: 500_000 }, true, { maxMessageBytes: 100_000 });
    const received = inbox(server);
    const message = 'x'.repeat(100_000);
    // Fifty times is ten seconds of it, and each further one takes a fifth of a second more.
    for (let count = 0; count < 53; count++) client.send(message);
    client.send('after');
    expect(new Set(await received.take(53))).toEqual(new Set([message]));
    expect(await received.take(1)).toEqual(['after']);
    expect(server.state).toBe('open');
  });

  it.each([
    ['at once', { asyncThresholdBytes: Number.POSITIVE_INFINITY }],
    ['in the thread pool', {}],
  ])('is closed when zlib itself fails, %s', async (_, options) => {
    const cause = new RangeError('Array buffer allocation failed');
    const atOnce = vi.spyOn(inflaterFor(15), 'inflate').mockImplementation(() => {
      throw cause;
    });
    const aside = vi.spyOn(inflaterFor(15), 'inflateAside').mockImplementation((...[, , , done]) => {
      setImmediate(() => done({ type: 'failed', cause }));
      return () => {};
    });
    onTestFinished(() => void [atOnce.mockRestore(), aside.mockRestore()]);
    expect(await attack(zeros(70_000_000), options)).toMatchObject({ code: 1011, error: { code: 'INTERNAL', cause } });
  });
});

describe('memory', () => {
  const classes = [createDeflateRaw(), createInflateRaw()].map((made) => made.constructor as new () => unknown);
  const held = () => {
    const counts = classes.map((made) => v8.queryObjects(made, { format: 'count' }) as number);
    return counts.reduce((sum, count) => sum + count);
  };

  it.each<[string, PerMessageDeflateOptions]>([
    ['without takeover', {}],
    ['with takeover', takeover],
  ])('of zlib is held by no connection that is idle, %s', async (_, options) => {
    const listener = await startListener({ perMessageDeflate: options });
    listener.on('connection', (connection) => connection.on('message', (message) => connection.send(message)));
    await until(() => ZlibJob.load.underWay === 0);
    // zlib closes what has ended a turn later.
    await turn();
    const before = held();
    const clients: WebSocketConnection[] = [];
    for (let count = 0; count < 50; count++) {
      clients.push(
        await connect(`ws://127.0.0.1:${listener.port}/`, { perMessageDeflate: options } satisfies ConnectOptions),
      );
    }
    expect(held()).toBe(before);
    for (const client of clients) {
      const arrived = inbox(client);
      client.send(large);
      await arrived.take(1);
    }
    expect(held()).toBe(before);
    const kept = createInflateRaw();
    expect(held()).toBe(before + 1);
    kept.close();
    expect(clients.every(({ state }) => state === 'open')).toBe(true);
  });
});
