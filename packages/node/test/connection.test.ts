import { Duplex } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createConnection } from '../src/connection.ts';
import { prepareMessage } from '../src/prepared.ts';
import {
  clientFrame,
  connectionPair,
  inbox,
  Received,
  rawPair,
  socketPair,
  turn,
  until,
  whenClosed,
} from './socket-pair.ts';

const texts = [
  '',
  'hello',
  'é€😀',
  'a'.repeat(125),
  'b'.repeat(126),
  'ü'.repeat(70),
  'c'.repeat(5_000),
  'ß'.repeat(40_000),
];
const binaries = [0, 1, 125, 126, 20_000, 65_535, 65_536, 300_000].map((length) =>
  new Uint8Array(length).map((_, index) => index * 7),
);

describe('messages', () => {
  it('arrive as they were sent, in both directions, small and large', async () => {
    const { server, client } = await connectionPair();
    const atServer = inbox(server);
    const atClient = inbox(client);
    for (const message of [...texts, ...binaries]) {
      server.send(message);
      client.send(message);
    }
    const want = [...texts, ...binaries].map((message) => Buffer.from(message));
    for (const box of [atServer, atClient]) {
      const got = await box.take(want.length);
      expect(got.map((message) => typeof message)).toEqual([
        ...texts.map(() => 'string'),
        ...binaries.map(() => 'object'),
      ]);
      expect(got.every((message, index) => Buffer.from(message).equals(want[index] as Buffer))).toBe(true);
    }
  });

  it('that are binary are plain bytes in memory of their own', async () => {
    const { server, client } = await connectionPair();
    const box = inbox(server);
    client.send(new Uint8Array([1, 2, 3]));
    client.send(new Uint8Array(100_000));
    for (const message of (await box.take(2)) as Uint8Array[]) {
      expect(message.constructor).toBe(Uint8Array);
      expect(message.buffer.byteLength).toBe(message.length);
    }
  });

  it('may be changed after they were sent, up to 16 KiB', async () => {
    const { server, client } = await connectionPair();
    const box = inbox(client);
    const bytes = new Uint8Array(16_384).fill(1);
    server.send(bytes);
    bytes.fill(2);
    expect(((await box.take(1))[0] as Uint8Array).every((byte) => byte === 1)).toBe(true);
  });

  it('are masked by a client, each with another key, and the data stays as it was', async () => {
    const { connection, far } = await rawPair({ role: 'client' });
    const received = new Received(far);
    const data = Buffer.from('same');
    connection.send(data);
    connection.send(data);
    const frames = await received.take(20);
    expect(data.toString()).toBe('same');
    expect([frames[0], frames[1], frames[10], frames[11]]).toEqual([0x82, 0x84, 0x82, 0x84]);
    expect(frames.subarray(2, 6)).not.toEqual(frames.subarray(12, 16));
  });

  it('that were prepared reach every connection, of either role', async () => {
    const { server, client } = await connectionPair();
    for (const data of ['to all', 'ü'.repeat(20_000), new Uint8Array([1, 2]), new Uint8Array(70_000).fill(3)]) {
      const prepared = prepareMessage(data);
      const boxes = [inbox(server), inbox(client)];
      client.sendPrepared(prepared);
      server.sendPrepared(prepared);
      for (const box of boxes) expect(Buffer.from((await box.take(1))[0] ?? '').equals(Buffer.from(data))).toBe(true);
    }
  });

  it('of any TypedArray but Uint8Array, and of anything else, are refused at once', async () => {
    const { connection } = await rawPair();
    const wrong = [7, null, undefined, {}, [1], true, 1n, new Float32Array(2), new DataView(new ArrayBuffer(2))];
    for (const data of [
      ...wrong,
      new ArrayBuffer(2),
      new SharedArrayBuffer(2),
      new Uint8ClampedArray(2),
      { length: 3 },
    ]) {
      const misuse = { name: 'UsageError' };
      expect(() => Reflect.apply(connection.send, connection, [data])).toThrow(expect.objectContaining(misuse));
      expect(() => Reflect.apply(connection.sendPrepared, connection, [data])).toThrow(expect.objectContaining(misuse));
      expect(() => Reflect.apply(prepareMessage, undefined, [data])).toThrow(expect.objectContaining(misuse));
      if (data !== undefined) {
        expect(() => Reflect.apply(connection.ping, connection, [data])).toThrow(expect.objectContaining(misuse));
        expect(() => Reflect.apply(connection.close, connection, [1000, data])).toThrow(
          expect.objectContaining(misuse),
        );
      }
    }
    expect(connection.state).toBe('open');
    expect(connection.bufferedBytes).toBe(0);
  });

  it('of a shared Uint8Array, of a view, and of a Buffer go out as exactly their bytes', async () => {
    const { server, client } = await connectionPair();
    const box = inbox(client);
    const shared = new Uint8Array(new SharedArrayBuffer(4)).fill(9);
    server.send(shared);
    server.send(new Uint8Array([1, 2, 3, 4]).subarray(1, 3));
    server.send(Buffer.from('buffer'));
    expect((await box.take(3)).map((message) => Buffer.from(message).toString('hex'))).toEqual([
      '09090909',
      '0203',
      '627566666572',
    ]);
  });
});

describe('head', () => {
  it('is read first, after the code and the promises of this turn', async () => {
    const { near, far } = await socketPair();
    far.write(clientFrame(1, 'second'));
    const connection = createConnection(near, { role: 'server', protocol: '', head: clientFrame(1, 'first') });
    await Promise.resolve()
      .then(() => {})
      .then(() => {});
    const box = inbox(connection);
    expect(await box.take(2)).toEqual(['first', 'second']);
  });

  it('may end within a frame', async () => {
    const { near, far } = await socketPair();
    const frame = clientFrame(1, 'in two');
    const connection = createConnection(near, { role: 'server', protocol: '', head: frame.subarray(0, 4) });
    const box = inbox(connection);
    far.write(frame.subarray(4));
    expect(await box.take(1)).toEqual(['in two']);
  });

  it('waits while the connection is paused', async () => {
    const { near } = await socketPair();
    const connection = createConnection(near, { role: 'server', protocol: '', head: clientFrame(1, 'later') });
    const box = inbox(connection);
    let delivered = false;
    connection.on('message', () => {
      delivered = true;
    });
    connection.pause();
    for (let turns = 0; turns < 3; turns++) await turn();
    expect(delivered).toBe(false);
    connection.resume();
    expect(await box.take(1)).toEqual(['later']);
  });
});

describe('ping', () => {
  it('is answered, and both ends are told', async () => {
    const { server, client } = await connectionPair();
    const pinged = new Promise((resolve) => server.on('ping', resolve));
    const ponged = new Promise<Uint8Array>((resolve) => client.on('pong', resolve));
    client.ping('are you there');
    expect(Buffer.from(await ponged).toString()).toBe('are you there');
    await pinged;
    expect((await ponged).buffer.byteLength, 'does not pin a chunk').toBe(13);
  });

  it('throws on a payload that is too long', async () => {
    const { connection } = await rawPair();
    expect(() => connection.ping('x'.repeat(126))).toThrow(expect.objectContaining({ name: 'UsageError' }));
    expect(() => connection.ping('é'.repeat(63))).toThrow(expect.objectContaining({ name: 'UsageError' }));
  });
});

describe('closing', () => {
  it('is clean when both sides agree, and what was sent before arrives before', async () => {
    const { server, client } = await connectionPair();
    const ends = Promise.all([whenClosed(server), whenClosed(client)]);
    const box = inbox(client);
    server.send('last words');
    server.close(4321, 'enough');
    expect(server.state).toBe('closing');
    expect(await box.take(1)).toEqual(['last words']);
    const event = { code: 4321, reason: 'enough', clean: true };
    expect(await ends).toEqual([event, event]);
    expect([server.state, client.state]).toEqual(['closed', 'closed']);
  });

  it('by a client lets the server end TCP', async () => {
    const { server, client, far } = await connectionPair();
    const ends = Promise.all([whenClosed(server), whenClosed(client)]);
    const order: string[] = [];
    far.on('end', () => order.push('the server ended'));
    far.on('finish', () => order.push('the client ended'));
    client.close(1000);
    const event = { code: 1000, reason: '', clean: true };
    expect(await ends).toEqual([event, event]);
    expect(order).toEqual(['the server ended', 'the client ended']);
  });

  it('without a code is reported as 1005', async () => {
    const { server, client } = await connectionPair();
    const end = whenClosed(server);
    client.close();
    expect(await end).toEqual({ code: 1005, reason: '', clean: true });
  });

  it('cuts a long reason instead of throwing', async () => {
    const { server, client } = await connectionPair();
    const end = whenClosed(server);
    client.close(1000, '😀'.repeat(50));
    expect((await end).reason).toBe('😀'.repeat(30));
  });

  it('throws on a code that must not be sent, and stays open', async () => {
    const { connection } = await rawPair();
    for (const code of [0, 999, 1004, 1005, 1006, 1015, 2000, 5000, Number.NaN]) {
      expect(() => connection.close(code)).toThrow(expect.objectContaining({ name: 'UsageError' }));
    }
    expect(connection.state).toBe('open');
  });

  it('makes sending a thing that does nothing and says so', async () => {
    const { server, client } = await connectionPair();
    const box = inbox(server);
    client.close(1000);
    const prepared = prepareMessage('no');
    expect([client.send('no'), client.sendPrepared(prepared), client.ping()]).toEqual([false, false, false]);
    await whenClosed(client);
    expect([client.send('no'), client.sendPrepared(prepared), client.ping()]).toEqual([false, false, false]);
    client.close(1000);
    client.terminate();
    expect(await Promise.race([box.take(1), turn()])).toBeUndefined();
  });

  it('by termination is 1006 on both sides, and nothing more is delivered', async () => {
    const { server, client } = await connectionPair();
    const ends = Promise.all([whenClosed(server), whenClosed(client)]);
    server.on('message', () => server.terminate());
    const box = inbox(server);
    client.send('one');
    client.send('two');
    expect(await ends).toMatchObject([
      { code: 1006, clean: false },
      { code: 1006, clean: false },
    ]);
    expect(await box.take(1)).toEqual(['one']);
    expect(await Promise.race([box.take(1), turn()])).toBeUndefined();
  });

  it('is told once', async () => {
    const { server, client } = await connectionPair();
    let times = 0;
    server.on('closed', () => {
      times += 1;
      server.terminate();
      server.close();
    });
    client.terminate();
    await whenClosed(server);
    for (let turns = 0; turns < 3; turns++) await turn();
    expect(times).toBe(1);
  });

  it('is told for a socket that was gone before', async () => {
    const { near } = await socketPair();
    near.destroy();
    await new Promise((resolve) => near.once('close', resolve));
    const connection = createConnection(near, { role: 'server', protocol: '' });
    expect(await whenClosed(connection)).toEqual({ code: 1006, reason: '', clean: false });
    expect(connection.send('nobody')).toBe(false);
  });
});

describe('on', () => {
  it('returns how to stop listening', async () => {
    const { server, client } = await connectionPair();
    const heard: unknown[] = [];
    const stop = server.on('message', (message) => heard.push(message));
    const box = inbox(server);
    client.send('1');
    await box.take(1);
    stop();
    stop();
    client.send('2');
    await box.take(1);
    expect(heard).toEqual(['1']);
  });

  it('throws on events that do not exist, and on listeners that are none', async () => {
    const { connection } = await rawPair();
    for (const event of ['open', 'toString', '__proto__', 'constructor', 7]) {
      expect(() => Reflect.apply(connection.on, connection, [event, () => {}])).toThrow(
        expect.objectContaining({ name: 'UsageError' }),
      );
    }
    expect(() => Reflect.apply(connection.on, connection, ['message', undefined])).toThrow(
      expect.objectContaining({ name: 'UsageError' }),
    );
  });
});

describe('pause', () => {
  it('holds back what was not read yet, until resume', async () => {
    const { server, client } = await connectionPair();
    const box = inbox(server);
    server.pause();
    client.send('x'.repeat(200_000));
    await until(() => client.bufferedBytes === 0);
    for (let turns = 0; turns < 5; turns++) await turn();
    expect(await Promise.race([box.take(1), turn()])).toBeUndefined();
    server.resume();
    expect((await box.take(1))[0]?.length).toBe(200_000);
  });
});

it('works on any Duplex, both ends in one process, where writing is reading', async () => {
  const [one, other] = duplexPair();
  const server = createConnection(one, { role: 'server', protocol: '' });
  const client = createConnection(other, { role: 'client', protocol: '' });
  const box = inbox(client);
  server.on('message', (message) => server.send(message));
  for (const text of texts) client.send(text);
  expect(await box.take(texts.length)).toEqual(texts);
  const ends = Promise.all([whenClosed(server), whenClosed(client)]);
  client.close(1000, 'done');
  expect(await ends).toMatchObject([
    { code: 1000, clean: true },
    { code: 1000, clean: true },
  ]);
});

/** Two streams, each delivering synchronously, and without a copy, what is written to the other. */
function duplexPair(): [Duplex, Duplex] {
  const make = (other: () => Duplex): Duplex =>
    new Duplex({
      read() {},
      write(chunk, _, done) {
        other().push(chunk);
        done();
      },
      final(done) {
        other().push(null);
        done();
      },
    });
  const one: Duplex = make(() => two);
  const two: Duplex = make(() => one);
  return [one, two];
}
