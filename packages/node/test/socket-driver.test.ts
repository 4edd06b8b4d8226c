import { describe, expect, it, vi } from 'vitest';
import { DeadlineTimer } from '../src/deadline-timer.ts';
import { ManualClock } from './manual-clock.ts';
import {
  bytesUnderWay,
  clientFrame,
  connectionPair,
  inbox,
  nextChunk,
  Received,
  rawPair,
  turn,
  until,
  whenClosed,
} from './socket-pair.ts';

describe('a peer that vanishes', () => {
  it('in the middle of a frame is 1006, with the cause', async () => {
    const { connection, near, far } = await rawPair();
    const end = whenClosed(connection);
    far.write(clientFrame(1, 'never complete').subarray(0, 9));
    await until(() => near.bytesRead === 9);
    far.resetAndDestroy();
    expect(await end).toMatchObject({ code: 1006, clean: false, error: { code: 'ECONNRESET' } });
  });

  it('before anything was read is 1006', async () => {
    const { connection, far } = await rawPair();
    const end = whenClosed(connection);
    far.resetAndDestroy();
    expect(await end).toMatchObject({ code: 1006, clean: false });
  });

  it('while we write is 1006, and no error escapes', async () => {
    const { connection, far } = await rawPair();
    const end = whenClosed(connection);
    far.resetAndDestroy();
    for (let count = 0; count < 50 && connection.state === 'open'; count++) {
      connection.send('x'.repeat(10_000));
      await turn();
    }
    expect(await end).toMatchObject({ code: 1006, clean: false });
  });

  it('by ending TCP without a close is 1006, and our side ends too', async () => {
    const { connection, far } = await rawPair();
    const received = new Received(far);
    const end = whenClosed(connection);
    far.end(clientFrame(1, 'bye'));
    expect(await end).toEqual({ code: 1006, reason: '', clean: false });
    await received.rest();
  });
});

describe('a peer that breaks the rules', () => {
  it.each([
    ['an unmasked frame', Buffer.from('8100', 'hex'), 1002],
    ['wrong UTF-8', clientFrame(1, Buffer.from([0xff])), 1007],
    ['a length of 2^31', Buffer.from('82ff0000000080000000', 'hex'), 1009],
    ['a length of 2^63', Buffer.from('82ff800000000000000000000000', 'hex'), 1009],
  ])('with %s is told why and cut off, whatever it still sends', async (_, bytes, code) => {
    const clock = new ManualClock();
    const { connection, far } = await rawPair({ deadlines: new DeadlineTimer(clock) });
    const received = new Received(far);
    const end = whenClosed(connection);
    connection.on('message', () => expect.unreachable());
    far.write(bytes);
    // The 64-bit length is complete without its mask only for the decoder: the mask follows.
    far.write(Buffer.concat([Buffer.alloc(4), clientFrame(1, 'more')]));
    expect((await received.rest()).toString('hex')).toBe(`8802${code.toString(16).padStart(4, '0')}`);
    far.end();
    expect(await end).toMatchObject({ code, clean: false, error: { name: 'FrameError' } });
  });

  it('and then keeps the socket open is destroyed', async () => {
    const clock = new ManualClock();
    const { connection, near, far } = await rawPair({ deadlines: new DeadlineTimer(clock) });
    const end = whenClosed(connection);
    far.allowHalfOpen = true;
    far.resume();
    far.write(Buffer.from('8100', 'hex'));
    await until(() => connection.state === 'closing');
    clock.advance(4_999);
    expect(near.destroyed).toBe(false);
    clock.advance(51);
    expect(near.destroyed).toBe(true);
    expect(await end).toMatchObject({ code: 1002, clean: false });
  });
});

describe('a silent peer', () => {
  it('that never answers a close is cut off', async () => {
    const clock = new ManualClock();
    const { connection, near, far } = await rawPair({ deadlines: new DeadlineTimer(clock), closeTimeoutMs: 700 });
    far.resume();
    const end = whenClosed(connection);
    connection.close(1000);
    clock.advance(699);
    expect(near.destroyed).toBe(false);
    clock.advance(51);
    expect(await end).toMatchObject({ code: 1006, clean: false, error: { code: 'CLOSE_TIMEOUT' } });
    expect(clock.size).toBe(0);
  });

  it('that never completes its message is cut off', async () => {
    const clock = new ManualClock();
    const { connection, near, far } = await rawPair({ deadlines: new DeadlineTimer(clock) });
    const received = new Received(far);
    const end = whenClosed(connection);
    far.write(clientFrame(1, 'slow').subarray(0, 3));
    await until(() => near.bytesRead === 3);
    clock.advance(30_000);
    expect((await received.rest()).toString('hex')).toBe('880203f0');
    far.end();
    expect(await end).toMatchObject({ code: 1008, error: { code: 'MESSAGE_TIMEOUT' } });
  });

  it('costs no timer when nothing is due', async () => {
    const clock = new ManualClock();
    const { connection, near, far } = await rawPair({ deadlines: new DeadlineTimer(clock) });
    connection.on('message', (message) => connection.send(message));
    far.write(clientFrame(1, 'whole'));
    await until(() => near.bytesRead === clientFrame(1, 'whole').length);
    expect(clock.scheduled).toBe(0);
  });
});

describe('a peer that does not read', () => {
  it('is closed with 4008 when more than maxBufferedBytes wait for it', async () => {
    const clock = new ManualClock();
    const { connection, far } = await rawPair({ deadlines: new DeadlineTimer(clock), maxBufferedBytes: 300_000 });
    far.pause();
    const end = whenClosed(connection);
    const message = new Uint8Array(50_000);
    while (connection.state === 'open') connection.send(message);
    expect(connection.bufferedBytes).toBeLessThan(300_000 + 50_100);
    expect(connection.send('more')).toBe(false);
    clock.advance(5_050);
    expect(await end).toMatchObject({ code: 4008, clean: false, error: { code: 'TOO_SLOW' } });
  });

  it('is closed with 4008 at the first message after a while of taking nothing, when more than maxStalledBytes wait', async () => {
    const clock = new ManualClock();
    const { connection, far } = await rawPair({ deadlines: new DeadlineTimer(clock) });
    far.pause();
    const end = whenClosed(connection);
    for (let count = 0; count < 4; count++) connection.send(new Uint8Array(3_000_000));
    clock.advance(4_999);
    connection.send('in time');
    expect(connection.state).toBe('open');
    clock.advance(1);
    expect(connection.send('too late')).toBe(false);
    expect(connection.state).toBe('closing');
    clock.advance(5_050);
    expect(await end).toMatchObject({ code: 4008, clean: false, error: { code: 'TOO_SLOW' } });
  });

  it('may take less than maxStalledBytes as late as it likes, until stallTimeoutMs', async () => {
    const clock = new ManualClock();
    const { connection, near, far } = await rawPair({ deadlines: new DeadlineTimer(clock) });
    far.pause();
    while (near.writableLength === 0) connection.send(new Uint8Array(100_000));
    clock.advance(9_000);
    connection.send('still here');
    expect(connection.state).toBe('open');
  });

  it('is not what a peer is that takes a large message slowly', async () => {
    const clock = new ManualClock();
    const { connection, near, far } = await rawPair({ deadlines: new DeadlineTimer(clock) });
    far.pause();
    for (let count = 0; count < 3; count++) connection.send(new Uint8Array(5_000_000));
    for (let looks = 0; looks < 2; looks++) {
      clock.advance(4_000);
      // A part of one message, of which `bufferedBytes` does not tell.
      const underWay = bytesUnderWay(near);
      while (bytesUnderWay(near) === underWay) await nextChunk(far);
      connection.send('small');
      expect(connection.state).toBe('open');
    }
  });

  it('and wakes up in time learns that it was too slow', async () => {
    const { connection, far } = await rawPair({ maxBufferedBytes: 300_000 });
    far.pause();
    const end = whenClosed(connection);
    while (connection.state === 'open') connection.send(new Uint8Array(50_000));
    const received = new Received(far);
    far.resume();
    const rest = await received.rest();
    expect(rest.subarray(-4).toString('hex')).toBe('88020fa8');
    far.end();
    expect(await end).toMatchObject({ code: 4008, clean: false });
  });

  it('is destroyed when it takes nothing for stallTimeoutMs, and not while it takes something', async () => {
    const clock = new ManualClock();
    const { connection, near, far } = await rawPair({ deadlines: new DeadlineTimer(clock) });
    far.pause();
    const end = whenClosed(connection);
    while (near.writableLength === 0) connection.send(new Uint8Array(100_000));
    for (let looks = 0; looks < 3; looks++) {
      clock.advance(8_000);
      const waiting = connection.bufferedBytes;
      far.resume();
      await until(() => connection.bufferedBytes < waiting);
      far.pause();
      while (near.writableLength === 0) connection.send(new Uint8Array(100_000));
    }
    expect(connection.state).toBe('open');
    for (let looks = 0; looks < 20; looks++) clock.advance(1_000);
    expect(near.destroyed).toBe(true);
    expect(await end).toMatchObject({ code: 4008, clean: false, error: { code: 'TOO_SLOW' } });
  });

  it('and floods us with pings is owed a single pong', async () => {
    const { connection, near, far } = await rawPair({ maxControlFrames: Number.POSITIVE_INFINITY });
    far.pause();
    while (!near.writableNeedDrain) connection.send(new Uint8Array(10_000));
    const waiting = connection.bufferedBytes;
    let pings = 0;
    connection.on('ping', () => {
      pings += 1;
    });
    for (let count = 0; count < 100; count++) far.write(Buffer.concat(new Array(100).fill(clientFrame(9, 'ping'))));
    await until(() => pings === 10_000);
    expect(connection.bufferedBytes).toBe(waiting);
    const received = new Received(far);
    far.resume();
    await until(() => connection.bufferedBytes === 0);
    connection.close(1000);
    await until(() => connection.state === 'closing');
    far.end(clientFrame(8, Buffer.from([0x03, 0xe8])));
    expect((await received.rest()).toString('latin1').split('\x8a\x04ping').length - 1).toBe(1);
  });
});

describe('a peer that reads', () => {
  it('is sent several large messages in one go, and one more each turn', async () => {
    const { server, client } = await connectionPair({ maxMessageBytes: 16_777_216 });
    const box = inbox(client);
    for (let count = 0; count < 3; count++) server.send(new Uint8Array(6_000_000).fill(count));
    expect((await box.take(3)).map((message) => [message.length, message[0]])).toEqual([
      [6_000_000, 0],
      [6_000_000, 1],
      [6_000_000, 2],
    ]);
    for (let count = 0; count < 4; count++) {
      server.send(new Uint8Array(3_000_000));
      await turn();
    }
    await box.take(4);
    expect(server.state).toBe('open');
  });
});

describe('a listener that throws', () => {
  it('does not stop the reading of the messages after it', async () => {
    const { server, client } = await connectionPair();
    const thrown: unknown[] = [];
    // Vitest listens for uncaught exceptions and would fail the run: it is set aside for this test.
    const others = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException');
    process.on('uncaughtException', (error) => thrown.push(error));
    try {
      const box = inbox(server);
      server.on('message', (message) => {
        if (message === 'bad') throw new Error('in a listener');
      });
      for (const text of ['good', 'bad', 'good']) client.send(text);
      expect(await box.take(3)).toEqual(['good', 'bad', 'good']);
      await until(() => thrown.length > 0);
      expect(thrown).toMatchObject([{ message: 'in a listener' }]);
    } finally {
      process.removeAllListeners('uncaughtException');
      for (const other of others) process.on('uncaughtException', other);
    }
  });
});

it('attaches its error listener before anything can happen', async () => {
  const { near } = await rawPair();
  expect(near.listenerCount('error')).toBe(1);
  near.emit('error', new Error('from anywhere'));
  await vi.waitFor(() => expect(near.listenerCount('error')).toBe(1));
});
