import { once } from 'node:events';
import { type AddressInfo, connect, createServer, Socket } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { createConnection } from '../src/connection.ts';
import { readShared } from '../src/shared-read.ts';
import { clientFrame, inbox, rawPair, socketPair, turn, until } from './socket-pair.ts';

it('is had by accepted sockets on this Node', async () => {
  const { near } = await rawPair();
  expect(near.listenerCount('data')).toBe(0);
});

it('leaves the messages of two connections alone that arrive in turns', async () => {
  const pairs = [await rawPair(), await rawPair()] as const;
  const inboxes = pairs.map(({ connection }) => inbox(connection));
  const frames = ['a', 'b'].map((letter) => binaryFrame(Buffer.alloc(300_000, letter)));
  for (let at = 0; at < 300_014; at += 10_000) {
    for (const [index, { near, far }] of pairs.entries()) {
      const piece = frames[index]?.subarray(at, at + 10_000) ?? Buffer.alloc(0);
      const before = near.bytesRead;
      far.write(piece);
      await until(() => near.bytesRead === before + piece.length);
    }
  }
  const [first, second] = await Promise.all(inboxes.map((messages) => messages.take(1)));
  expect(Buffer.from(first?.[0] as Uint8Array).equals(Buffer.alloc(300_000, 'a'))).toBe(true);
  expect(Buffer.from(second?.[0] as Uint8Array).equals(Buffer.alloc(300_000, 'b'))).toBe(true);
});

it('gives out bytes that stay as they are when the next message comes', async () => {
  const { connection, far } = await rawPair();
  const messages = inbox(connection);
  far.write(clientFrame(2, 'first'));
  const [first] = await messages.take(1);
  far.write(clientFrame(2, 'other'));
  await messages.take(1);
  expect(Buffer.from(first as Uint8Array).toString()).toBe('first');
});

it('begins with what the socket had read before, behind the bytes of the handshake', async () => {
  const { near, far } = await socketPair();
  const frame = clientFrame(1, 'early');
  far.write(frame.subarray(4));
  // Paused, as while the application thinks about a handshake; its buffer fills by itself.
  near.pause();
  near.read(0);
  await until(() => near.readableLength === frame.length - 4);
  const connection = createConnection(near, { role: 'server', protocol: '', head: frame.subarray(0, 4) });
  const messages = inbox(connection);
  connection.resume();
  expect(await messages.take(1)).toEqual(['early']);
  far.write(clientFrame(1, 'late'));
  expect(await messages.take(1)).toEqual(['late']);
});

it('stops with the connection, and goes on with it', async () => {
  const { connection, near, far } = await rawPair();
  const messages = inbox(connection);
  connection.pause();
  far.write(clientFrame(1, 'held'));
  for (let count = 0; count < 20; count++) await turn();
  expect(near.bytesRead).toBe(0);
  connection.resume();
  expect(await messages.take(1)).toEqual(['held']);
});

it('is not forced upon a socket that its owner made with a buffer of his own', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const options = { onread: { buffer: Buffer.alloc(16), callback: () => true } };
  const socket = connect({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', ...options });
  onTestFinished(() => {
    socket.destroy();
    server.close();
  });
  await once(socket, 'connect');
  expect(readShared(socket, () => {})).toBe(false);
  expect(
    readShared(new Socket(), () => {}),
    'a socket without a handle',
  ).toBe(false);
});

function binaryFrame(payload: Buffer): Buffer {
  const header = Buffer.from([0x82, 0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
  header.writeBigUInt64BE(BigInt(payload.length), 2);
  return Buffer.concat([header, payload]);
}
