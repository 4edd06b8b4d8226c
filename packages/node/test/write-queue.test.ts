import { Duplex } from 'node:stream';
import { FrameEncoder } from '@typewire/frame';
import { describe, expect, it, vi } from 'vitest';
import { createConnection } from '../src/connection.ts';
import { nodeText } from '../src/node-environment.ts';
import { prepareMessage } from '../src/prepared.ts';
import { MAX_COPIED_BYTES, WriteQueue } from '../src/write-queue.ts';
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

describe('one write for everything that is sent', () => {
  it('in one go', async () => {
    const { connection, near, far } = await rawPair();
    const received = new Received(far);
    const writes = vi.spyOn(near, 'write');
    for (let count = 0; count < 100; count++) connection.send(`message ${count % 10}`);
    connection.ping();
    connection.sendPrepared(prepareMessage('prepared'));
    connection.close(1000);
    await received.take(100 * 11 + 2 + 10 + 4);
    expect(writes).toHaveBeenCalledTimes(1);
  });

  it('in answer to the messages of one chunk', async () => {
    const { connection, near, far } = await rawPair();
    const received = new Received(far);
    connection.on('message', (message) => connection.send(message));
    const writes = vi.spyOn(near, 'write');
    far.write(Buffer.concat(new Array(32).fill(clientFrame(1, 'twenty bytes of text'))));
    await received.take(32 * 22);
    expect(writes).toHaveBeenCalledTimes(1);
  });

  it('by promise reactions of one turn', async () => {
    const { connection, near, far } = await rawPair();
    const received = new Received(far);
    const writes = vi.spyOn(near, 'write');
    connection.on('message', async (message) => {
      await null;
      await null;
      connection.send(message);
    });
    far.write(Buffer.concat(new Array(20).fill(clientFrame(1, 'async'))));
    await received.take(20 * 7);
    expect(writes).toHaveBeenCalledTimes(1);
  });

  it('to several connections: one write each, also where they take turns', async () => {
    const pairs = await Promise.all(Array.from({ length: 4 }, () => rawPair()));
    const writes = pairs.map(({ near }) => vi.spyOn(near, 'write'));
    const received = pairs.map(({ far }) => new Received(far));
    for (let round = 0; round < 500; round++) {
      for (const { connection } of pairs) connection.send(`round ${round % 10}`);
    }
    const want = Array.from({ length: 500 }, (_, round) => `8107${Buffer.from(`round ${round % 10}`).toString('hex')}`);
    for (const box of received) expect((await box.take(500 * 9)).toString('hex')).toBe(want.join(''));
    expect(writes.map((spy) => spy.mock.calls.length)).toEqual([1, 1, 1, 1]);
  });

  it('with a large payload: once more, and the payload is written from where it is', async () => {
    const { connection, near, far } = await rawPair();
    const received = new Received(far);
    const vectors = vi.spyOn(near, '_writev' as never);
    const writes = vi.spyOn(near, 'write');
    const payload = new Uint8Array(MAX_COPIED_BYTES + 1).fill(5);
    connection.send('before');
    connection.send(payload);
    expect(vectors).toHaveBeenCalledTimes(1);
    expect(writes.mock.calls.map(([chunk]) => chunk)[1]).toBe(payload);
    const bytes = await received.take(8 + 4 + payload.length);
    expect(bytes.subarray(0, 12).toString('hex')).toBe(`8106${Buffer.from('before').toString('hex')}827e4001`);
    expect(bytes.subarray(12).every((byte) => byte === 5)).toBe(true);
  });
});

it('writes a lone prepared frame without copying it', async () => {
  const { connection, near } = await rawPair();
  const writes = vi.spyOn(near, 'write');
  const prepared = prepareMessage('for all');
  connection.sendPrepared(prepared);
  await turn();
  expect(writes.mock.calls.map(([chunk]) => chunk)).toEqual([prepared.frame]);
  expect(writes.mock.calls[0]?.[0]).toBe(prepared.frame);
});

it('keeps the order of prepared, small and large frames', async () => {
  const { server, client } = await connectionPair();
  const box = inbox(client);
  const small = prepareMessage('prepared');
  const large = prepareMessage('p'.repeat(30_000));
  const want: (string | Uint8Array)[] = [];
  for (let round = 0; round < 40; round++) {
    const text = `text ${round} ${'x'.repeat(round * 40)}`;
    const huge = new Uint8Array(20_000).fill(round);
    if (round % 2 === 0) server.sendPrepared(small);
    server.send(text);
    if (round % 5 === 0) server.sendPrepared(large);
    server.sendPrepared(small);
    if (round % 3 === 0) server.send(huge);
    if (round % 2 === 0) want.push('prepared');
    want.push(text);
    if (round % 5 === 0) want.push('p'.repeat(30_000));
    want.push('prepared');
    if (round % 3 === 0) want.push(huge);
  }
  const got = await box.take(want.length);
  expect(got.map((message) => Buffer.from(message).toString('latin1'))).toEqual(
    want.map((message) => Buffer.from(message).toString('latin1')),
  );
});

it('does not overwrite what a slow socket still has to send', async () => {
  // Interleaved with a fast connection, which reuses the memory that both share.
  const slow = await connectionPair({ maxBufferedBytes: Number.POSITIVE_INFINITY });
  const fast = await connectionPair();
  const slowBox = inbox(slow.client);
  const fastBox = inbox(fast.client);
  slow.client.pause();
  let sent = 0;
  while (slow.server.bufferedBytes < 200_000) {
    for (let count = 0; count < 10; count++) slow.server.send(`slow ${sent++} ${'s'.repeat(3_000)}`);
    fast.server.send(`fast ${'f'.repeat(3_000)}`);
    await fastBox.take(1);
  }
  slow.client.resume();
  const messages = await slowBox.take(sent);
  expect(messages.findIndex((message, index) => message !== `slow ${index} ${'s'.repeat(3_000)}`)).toBe(-1);
});

it('reports false when the socket is full, and drain when there is room again', async () => {
  const { server, client } = await connectionPair({ maxBufferedBytes: Number.POSITIVE_INFINITY });
  client.pause();
  const message = new Uint8Array(50_000);
  expect(server.send('small')).toBe(true);
  while (server.send(message));
  expect(server.bufferedBytes).toBeGreaterThanOrEqual(65_536);
  const drained = new Promise((resolve) => server.on('drain', resolve));
  client.resume();
  await drained;
  await until(() => server.bufferedBytes === 0);
  expect(server.send('again')).toBe(true);
});

it('counts what waits', async () => {
  const { connection } = await rawPair();
  connection.send('12345');
  expect(connection.bufferedBytes).toBe(7);
  connection.send('12345');
  expect(connection.bufferedBytes).toBe(14);
  await turn();
  expect(connection.bufferedBytes).toBe(0);
});

it('drops what is sent after the socket has gone', async () => {
  const { near } = await socketPair();
  const connection = createConnection(near, { role: 'server', protocol: '' });
  near.destroy();
  connection.send('nobody is there');
  await whenClosed(connection);
  expect(connection.send('still nobody')).toBe(false);
});

it('reuses no memory on a stream that may keep what it was given', async () => {
  const kept: Buffer[] = [];
  const stream = new Duplex({
    read() {},
    write(chunk, _, done) {
      kept.push(chunk);
      done();
    },
  });
  const queue = new WriteQueue(stream, new FrameEncoder(nodeText, null), { outputWaits: () => {} });
  for (const text of ['one', 'two', 'three']) {
    queue.text(text);
    queue.flush();
  }
  expect(kept.map((chunk) => chunk.subarray(2).toString())).toEqual(['one', 'two', 'three']);
});
