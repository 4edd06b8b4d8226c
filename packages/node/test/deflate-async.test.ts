import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { deflateRawSync } from 'node:zlib';
import type { ClosedEvent } from '@typewire/frame';
import {
  connect,
  type ListenOptions,
  listen,
  type PerMessageDeflateOptions,
  prepareMessage,
  type WebSocketConnection,
} from '@typewire/node';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { deflaterFor, inflaterFor } from '../src/deflate-codec.ts';
import { MAX_ZLIB_JOBS, ZlibJob } from '../src/zlib-job.ts';
import { createCertificate } from './certificate.ts';
import { maskedFrame } from './hostile/target.ts';
import { upgradeText } from './raw-client.ts';
import { inbox, turn, until, whenClosed } from './socket-pair.ts';

const mebibyte = 1_048_576;
/** Text of that many characters, which becomes about a third. */
const text = (length: number) =>
  `${'a message of many words, '.repeat(20)}${Math.sqrt(length)} `.repeat(length / 520 + 1).slice(0, length);
const large = text(400_000);
const takeover = { serverNoContextTakeover: false, clientNoContextTakeover: false };

afterEach(() => until(() => ZlibJob.load.underWay === 0 && ZlibJob.load.waiting === 0));

/** Numbers from 0 to 1, the same in each run. */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return state / 0x80000000;
  };
}

async function startListener(options: Partial<ListenOptions> = {}) {
  const listener = await listen({ port: 0, host: '127.0.0.1', perMessageDeflate: true, ...options });
  onTestFinished(() => listener.close({ timeoutMs: 0 }));
  return listener;
}

async function pair(deflate: PerMessageDeflateOptions = {}, options: Partial<ListenOptions> = {}) {
  const listener = await startListener({ perMessageDeflate: deflate, ...options });
  const accepted = new Promise<WebSocketConnection>((resolve) => listener.on('connection', resolve));
  const client = await connect(`ws://127.0.0.1:${listener.port}/`, { perMessageDeflate: deflate });
  return { listener, server: await accepted, client };
}

describe('messages keep their order', () => {
  it.each<[string, PerMessageDeflateOptions]>([
    ['without takeover', {}],
    ['with takeover', takeover],
  ])('of whatever size they are, in both directions at once, %s', async (_, options) => {
    const { server, client } = await pair({ thresholdBytes: 100, asyncThresholdBytes: 8_000, ...options });
    const random = seededRandom(11);
    const make = (index: number): string | Uint8Array => {
      const length = 20 + Math.floor(random() ** 3 * 90_000);
      if (index % 3 === 0) return `${index}:${text(length)}`;
      if (index % 3 === 1)
        return `${index}:€${Array.from({ length: length / 20 }, () => random().toString(36)).join('')}`;
      return Uint8Array.from({ length: length / 4 + 2 }, (__, at) =>
        at === 0 ? index : (random() * 256) >> (index % 7),
      );
    };
    await Promise.all(
      [
        [server, client],
        [client, server],
      ].map(async ([from, to]) => {
        const messages = Array.from({ length: 150 }, (__, index) => make(index));
        const arrived = inbox(to as WebSocketConnection);
        const pings: string[] = [];
        to?.on('ping', (payload) => pings.push(Buffer.from(payload).toString()));
        for (const [index, message] of messages.entries()) {
          if (index % 4 === 0) from?.sendPrepared(prepareMessage(message));
          else from?.send(message);
          if (index % 10 === 0) from?.ping(`ping ${index}`);
          // Some of them while earlier ones are under way, some in the same tick.
          if (random() < 0.2) await turn();
        }
        expect(await arrived.take(messages.length)).toEqual(messages);
        expect(pings).toEqual(Array.from({ length: 15 }, (__, index) => `ping ${index * 10}`));
      }),
    );
  });

  it('and a close comes after all of them', async () => {
    const { server, client } = await pair();
    const arrived = inbox(client);
    const ends = [whenClosed(server), whenClosed(client)];
    for (const message of [large, 'small', large]) server.send(message);
    server.close(4001, 'done');
    expect(server.state).toBe('closing');
    expect(server.send('late')).toBe(false);
    expect(await arrived.take(3)).toEqual([large, 'small', large]);
    for (const end of ends) expect(await end).toMatchObject({ code: 4001, reason: 'done', clean: true });
  });

  it('and the answer to a close, when the peer closes while they are compressed', async () => {
    const { server, client } = await pair();
    const arrived = inbox(client);
    client.on('message', () => client.close(4002));
    for (const message of ['small', large, large]) server.send(message);
    expect(await arrived.take(3)).toEqual(['small', large, large]);
    expect(await whenClosed(client)).toMatchObject({ code: 4002, clean: true });
  });

  it('and a pong goes ahead of them', async () => {
    const { server, client } = await pair();
    const order: string[] = [];
    client.on('pong', () => order.push('pong'));
    client.on('message', () => order.push('message'));
    server.on('ping', () => order.push('ping'));
    const asides = vi.spyOn(deflaterFor(12, { level: 3, memLevel: 5 }), 'deflateAside');
    let finish = (): void => {};
    asides.mockImplementationOnce((bytes, _history, done) => {
      finish = () => done(deflateRawSync(bytes, { finishFlush: 2, windowBits: 12 }));
      return () => {};
    });
    onTestFinished(() => asides.mockRestore());
    server.send(large);
    client.ping('alive?');
    await until(() => order.includes('pong'));
    finish();
    await until(() => order.includes('message'));
    expect(order).toEqual(['ping', 'pong', 'message']);
  });
});

describe('bytes that were sent', () => {
  it('may be written over at once up to 16 KiB, also while they wait for the thread pool', async () => {
    const { server, client } = await pair({ asyncThresholdBytes: 2_000 });
    const arrived = inbox(client);
    const asides = vi.spyOn(deflaterFor(12, { level: 3, memLevel: 5 }), 'deflateAside');
    let finish = (): void => {};
    asides.mockImplementationOnce((bytes, _history, done) => {
      finish = () => done(deflateRawSync(bytes, { finishFlush: 2, windowBits: 12 }));
      return () => {};
    });
    onTestFinished(() => asides.mockRestore());
    const reused = new Uint8Array(16_384);
    for (const byte of [1, 2]) server.send(reused.fill(byte));
    reused.fill(3);
    finish();
    const filled = (byte: number): Uint8Array => new Uint8Array(16_384).fill(byte);
    expect(await arrived.take(2)).toEqual([filled(1), filled(2)]);
  });
});

describe('a broadcast', () => {
  it('of a large message is compressed once beside the thread, and keeps its place for everybody', async () => {
    const { listener, server, client } = await pair({ ...takeover });
    const [members, clients] = [[server], [client]];
    listener.on('connection', (connection) => members.push(connection));
    for (let count = 0; count < 9; count++) {
      clients.push(await connect(`ws://127.0.0.1:${listener.port}/`, { perMessageDeflate: takeover }));
    }
    await until(() => members.length === 10);
    const inboxes = clients.map((each) => inbox(each));
    const aside = vi.spyOn(deflaterFor(12, { level: 3, memLevel: 5 }), 'deflateAside');
    const atOnce = vi.spyOn(deflaterFor(12, { level: 3, memLevel: 5 }), 'deflate');
    onTestFinished(() => void [aside.mockRestore(), atOnce.mockRestore()]);
    const message = prepareMessage(large);
    for (const member of members) {
      member.send('before');
      member.sendPrepared(message);
      member.send('after');
    }
    members[3]?.terminate();
    for (const [index, each] of inboxes.entries()) {
      if (index !== 3) expect(await each.take(3)).toEqual(['before', large, 'after']);
    }
    for (const member of members) member.sendPrepared(message);
    for (const [index, each] of inboxes.entries()) if (index !== 3) expect(await each.take(1)).toEqual([large]);
    expect([aside.mock.calls.length, atOnce.mock.calls.length]).toEqual([1, 0]);
  });

  it('is given up when nobody waits for it any more, and can be sent again', async () => {
    const { server, client, listener } = await pair();
    const message = prepareMessage(large);
    server.sendPrepared(message);
    expect(ZlibJob.load.underWay).toBe(1);
    server.terminate();
    await whenClosed(client);
    await until(() => ZlibJob.load.underWay === 0);
    listener.on('connection', (connection) => connection.sendPrepared(message));
    const next = await connect(`ws://127.0.0.1:${listener.port}/`, { perMessageDeflate: true });
    expect(await inbox(next).take(1)).toEqual([large]);
  });
});

describe('what waits to be compressed', () => {
  it('is counted and bounded like everything that waits', async () => {
    const { server, client } = await pair({}, { maxBufferedBytes: 3 * large.length, maxStalledBytes: 2 ** 30 });
    const arrived = inbox(client);
    const end = whenClosed(server);
    let drained = 0;
    server.on('drain', () => drained++);
    expect(server.send('small')).toBe(true);
    expect(server.send(large)).toBe(false);
    expect(server.bufferedBytes).toBeGreaterThan(large.length);
    expect(server.send('small')).toBe(false);
    expect(server.bufferedBytes).toBeLessThan(large.length + 100);
    await until(() => drained === 1);
    expect(server.bufferedBytes).toBeLessThan(large.length / 2);
    expect(await arrived.take(3)).toEqual(['small', large, 'small']);
    for (let count = 0; count < 3; count++) expect(server.send(large)).toBe(false);
    expect(server.state).toBe('open');
    expect(server.send('one too many')).toBe(false);
    expect(server.state).toBe('closing');
    expect(await arrived.take(3)).toEqual([large, large, large]);
    expect(await end).toMatchObject({ code: 4008, error: { code: 'TOO_SLOW' } });
  });

  it('may be below the mark, and then nobody has to wait for a drain', async () => {
    const { server, client } = await pair({ asyncThresholdBytes: 2_000 });
    const arrived = inbox(client);
    const short = text(3_000);
    expect(server.send(short)).toBe(true);
    expect(server.bufferedBytes).toBeGreaterThan(3_000);
    expect(server.send('after')).toBe(true);
    expect(await arrived.take(2)).toEqual([short, 'after']);
    expect(server.bufferedBytes).toBe(0);
  });
});

describe('ending while zlib is at work', () => {
  it('by terminating frees everything and tells nothing more, whoever sends', async () => {
    const { server, client } = await pair();
    const [closedServer, closedClient] = [whenClosed(server), whenClosed(client)];
    for (const connection of [server, client]) {
      for (const event of ['message', 'drain'] as const) connection.on(event, () => expect.unreachable());
      for (let count = 0; count < 3; count++) connection.send(large);
    }
    expect(ZlibJob.load).toEqual({ underWay: 2, waiting: 0 });
    server.terminate();
    client.terminate();
    expect([server.send('late'), client.send(large)]).toEqual([false, false]);
    for (const closed of [closedServer, closedClient]) expect(await closed).toMatchObject({ code: 1006, clean: false });
    expect([server.bufferedBytes, client.bufferedBytes]).toEqual([0, 0]);
    await until(() => ZlibJob.load.underWay === 0);
  });

  it('while a message is inflated delivers nothing, and the peer may vanish as well', async () => {
    const { server, client } = await pair();
    let inflating = 0;
    const inflater = inflaterFor(12);
    const { inflateAside } = inflater;
    const spy = vi.spyOn(inflater, 'inflateAside').mockImplementation((...task) => {
      inflating++;
      process.nextTick(() => server.terminate());
      return (inflateAside as NonNullable<typeof inflateAside>)(...task);
    });
    onTestFinished(() => spy.mockRestore());
    server.on('message', () => expect.unreachable());
    const end = whenClosed(server);
    // What compresses badly: so many bytes are not tried at once.
    client.send(Array.from({ length: 40_000 }, (_, index) => (index * 7919).toString(36)).join(''));
    expect(await end).toMatchObject({ code: 1006 });
    expect(inflating).toBe(1);
    await until(() => ZlibJob.load.underWay === 0);
  });

  it.each(['ws', 'wss'])('by the peer, of TCP alone, still delivers what came before it: %s', async (scheme) => {
    const certificate = scheme === 'wss' ? createCertificate('IP:127.0.0.1') : null;
    const listener = await startListener(certificate === null ? {} : { tls: certificate });
    const accepted = new Promise<WebSocketConnection>((resolve) => listener.on('connection', resolve));
    const address = { host: '127.0.0.1', port: listener.port };
    const socket = certificate === null ? connectTcp(address) : connectTls({ ...address, rejectUnauthorized: false });
    onTestFinished(() => void socket.destroy());
    socket.on('error', () => {});
    await once(socket, certificate === null ? 'connect' : 'secureConnect');
    socket.write(upgradeText({ 'Sec-WebSocket-Extensions': 'permessage-deflate' }));
    const server = await accepted;
    const happened: unknown[] = [];
    server.on('message', (message) => happened.push(message));
    const end = whenClosed(server);
    const payload = deflateRawSync(large, { finishFlush: 2 }).subarray(0, -4);
    socket.end(Buffer.concat([maskedFrame(0xc1, payload), maskedFrame(0x81, 'after')]));
    happened.push((await end).code);
    expect(happened).toEqual([large, 'after', 1006]);
  });

  it('by our own failure while a message is inflated ends the connection when the peer ends it', async () => {
    const { server, client } = await pair({}, { maxBufferedBytes: 1, maxStalledBytes: 1 });
    const inflater = inflaterFor(12);
    const spy = vi.spyOn(inflater, 'inflateAside').mockReturnValue(() => {});
    onTestFinished(() => spy.mockRestore());
    const ends = [whenClosed(server), whenClosed(client)];
    client.send(large);
    await until(() => spy.mock.calls.length === 1);
    server.send('more than may wait');
    server.send('another');
    expect(server.state).toBe('closing');
    for (const end of ends) expect(await end).toMatchObject({ code: 4008 });
  });

  it('by closing has the peer answer after it was delivered', async () => {
    const { server, client } = await pair();
    const arrived = inbox(server);
    const end = whenClosed(client);
    client.send(large);
    client.send('after');
    client.close(4003);
    expect(await arrived.take(2)).toEqual([large, 'after']);
    expect(await end).toMatchObject({ code: 4003, clean: true });
  });
});

describe('others', () => {
  it.each(['compressed', 'inflated'])('are served while a large message is %s', async (what) => {
    const listener = await startListener({ maxMessageBytes: 32 * mebibyte });
    const accepted: WebSocketConnection[] = [];
    listener.on('connection', (connection) => accepted.push(connection));
    const url = `ws://127.0.0.1:${listener.port}/`;
    const client = await connect(url, { perMessageDeflate: true, maxMessageBytes: 32 * mebibyte });
    const other = await connect(url, { perMessageDeflate: true });
    await until(() => accepted.length === 2);
    const [server, second] = accepted as [WebSocketConnection, WebSocketConnection];
    second.on('message', (message) => second.send(message));
    let served = 0;
    other.on('message', () => other.send(`${served++}`));
    const huge = text(16 * mebibyte);
    const from = what === 'compressed' ? server : client;
    const to = what === 'compressed' ? client : server;
    const servedBefore: number[] = [];
    to.on('message', () => servedBefore.push(served));
    // Everybody's answers take turns with the pieces of the large message, which would otherwise come in one turn.
    from.send(huge);
    other.send('begin');
    await until(() => servedBefore.length === 1);
    expect(servedBefore[0]).toBeGreaterThan(5);
  });

  it('share the pool: so many at once, and everybody has a turn', async () => {
    const listener = await startListener();
    let most = 0;
    listener.on('connection', (connection) => connection.on('message', (message) => connection.send(message)));
    const clients = await Promise.all(
      Array.from({ length: 30 }, () => connect(`ws://127.0.0.1:${listener.port}/`, { perMessageDeflate: true })),
    );
    const inboxes = clients.map((client) => inbox(client));
    for (const client of clients) client.send(large);
    expect(ZlibJob.load).toEqual({ underWay: MAX_ZLIB_JOBS, waiting: clients.length - MAX_ZLIB_JOBS });
    let answered = 0;
    const all = Promise.all(
      inboxes.map(async (each) => {
        expect(await each.take(1)).toEqual([large]);
        answered++;
      }),
    );
    await until(() => {
      most = Math.max(most, ZlibJob.load.underWay);
      // Each connection has one message under way in each direction, at both of its ends.
      expect(ZlibJob.load.waiting).toBeLessThanOrEqual(4 * clients.length);
      return answered === clients.length;
    });
    await all;
    expect(most).toBe(MAX_ZLIB_JOBS);
  });
});

describe('a hostile peer', () => {
  /** A thousand times a mebibyte of zeros, in a mebibyte. */
  const zeros = deflateRawSync(Buffer.alloc(mebibyte), { level: 9, finishFlush: 2 });
  const bomb = Buffer.concat(Array.from({ length: 1_000 }, () => zeros)).subarray(0, -4);

  async function throwBombs(count: number): Promise<{ ends: ClosedEvent[]; peakBytes: number }> {
    const listener = await startListener();
    const ends: ClosedEvent[] = [];
    listener.on('connection', (connection) => {
      connection.on('message', () => expect.unreachable());
      connection.on('closed', (event) => ends.push(event));
    });
    const before = process.memoryUsage().arrayBuffers;
    let peakBytes = 0;
    const frame = maskedFrame(0xc2, bomb);
    for (let index = 0; index < count; index++) {
      const socket = connectTcp({ host: '127.0.0.1', port: listener.port });
      socket.on('error', () => {});
      onTestFinished(() => void socket.destroy());
      socket.resume();
      socket.write(upgradeText({ 'Sec-WebSocket-Extensions': 'permessage-deflate' }));
      socket.write(frame);
    }
    await until(() => {
      peakBytes = Math.max(peakBytes, process.memoryUsage().arrayBuffers - before);
      return ends.length === count;
    });
    return { ends, peakBytes };
  }

  it('is closed with 1009 for a gigabyte out of a mebibyte, and many of them cost little more than what they sent', async () => {
    expect(bomb.length).toBeLessThan(mebibyte);
    const count = 20;
    const { ends, peakBytes } = await throwBombs(count);
    for (const end of ends) expect(end).toMatchObject({ code: 1009, error: { code: 'PAYLOAD_TOO_BIG' } });
    // Of each the compressed bytes and, before they are collected, the limit and a chunk.
    expect(peakBytes).toBeLessThan(count * 4 * mebibyte);
  });

  it('is not read on while a message of its is inflated', async () => {
    const { server, client } = await pair();
    const release: (() => void)[] = [];
    const inflater = inflaterFor(12);
    const { inflateAside } = inflater;
    const spy = vi
      .spyOn(inflater, 'inflateAside')
      .mockImplementation((bytes, history, maxBytes, done) =>
        (inflateAside as NonNullable<typeof inflateAside>)(bytes, history, maxBytes, (inflated) =>
          release.push(() => done(inflated)),
        ),
      );
    onTestFinished(() => spy.mockRestore());
    let received = 0;
    server.on('message', () => received++);
    client.send(large);
    await until(() => release.length === 1);
    const noise = Uint8Array.from({ length: 60_000 }, (_, at) => (at * at * 31) >> 5);
    for (let count = 0; count < 200; count++) client.send(noise);
    let [last, same] = [-1, 0];
    await until(() => {
      same = client.bufferedBytes === last ? same + 1 : 0;
      last = client.bufferedBytes;
      return same === 200;
    });
    // The system's own buffers are full, and nothing more is taken.
    expect(last).toBeGreaterThan(0);
    expect(received).toBe(0);
    spy.mockRestore();
    for (const run of release) run();
    await until(() => received === 201);
  });
});
