import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { connect, createServer, type TLSSocket } from 'node:tls';
import { expect, it, onTestFinished } from 'vitest';
import { StallWatch } from '../src/stall-watch.ts';
import { createCertificate } from './certificate.ts';
import { nextChunk, socketPair } from './socket-pair.ts';

/** A stream that takes a write only when it is told to. */
function slowStream(): { stream: Duplex; take: () => void } {
  let done = (): void => {};
  const stream = new Duplex({
    read() {},
    write(_, __, callback) {
      done = callback;
    },
  });
  return { stream, take: () => done() };
}

it('notices when nothing is taken for the whole timeout', () => {
  const { stream } = slowStream();
  const watch = new StallWatch(stream, 1_000);
  stream.write('waiting');
  watch.begin(0, 7);
  expect([250, 500, 750, 999].map((nowMs) => watch.look(nowMs, 7))).toEqual([false, false, false, false]);
  expect(watch.look(1_250, 7)).toBe(true);
});

it('begins anew when something was taken', () => {
  const { stream, take } = slowStream();
  const watch = new StallWatch(stream, 1_000);
  stream.write('first');
  stream.write('second');
  watch.begin(0, 11);
  take();
  expect(watch.look(900, 11)).toBe(false);
  expect(watch.look(1_800, 11)).toBe(false);
  expect(watch.look(2_100, 11)).toBe(true);
});

it('is not fooled by more being written', () => {
  const { stream } = slowStream();
  const watch = new StallWatch(stream, 1_000);
  stream.write('first');
  watch.begin(0, 5);
  stream.write('second');
  expect(watch.look(1_000, 11)).toBe(true);
});

it('rests when nothing waits', () => {
  const { stream, take } = slowStream();
  const watch = new StallWatch(stream, 1_000);
  stream.write('all');
  watch.begin(0, 3);
  take();
  expect(watch.look(250, 3)).toBe(false);
  expect(watch.deadlineMs).toBe(Number.POSITIVE_INFINITY);
});

async function tlsPair(): Promise<{ near: Socket; far: Socket }> {
  const server = createServer(createCertificate('IP:127.0.0.1')).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const far = connect({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', rejectUnauthorized: false });
  const [near] = (await once(server, 'secureConnection')) as [TLSSocket];
  server.close();
  onTestFinished(() => {
    near.destroy();
    far.destroy();
  });
  return { near, far };
}

it.each([
  ['TCP', socketPair],
  ['TLS', tlsPair],
])('sees over %s that a part of one large write was taken', async (_, pair) => {
  const { near, far } = await pair();
  far.pause();
  const bytes = 12_000_000;
  near.write(new Uint8Array(bytes));
  const watch = new StallWatch(near, 1_000);
  watch.begin(0, bytes);
  expect(watch.isSluggish(500, bytes)).toBe(true);
  let takenBytes = 0;
  while (watch.isSluggish(500, bytes)) takenBytes += (await nextChunk(far)).length;
  expect(takenBytes).toBeLessThan(bytes / 2);
  expect(near.writableLength).toBe(bytes);
  expect(watch.look(1_000, bytes)).toBe(false);
});
