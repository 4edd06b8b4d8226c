import { tracked, typewire } from '@typewire/server';
import { settled } from '@typewire/testing';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { opened, type ServedClient, serveClient } from './served-client.ts';

const t = typewire();

/** A log that can be read from anywhere; notes where it was opened. Every third item bears no id. */
function log() {
  const openedAt: Array<string | null> = [];
  const read = t.input(z.number()).stream(async function* ({ input, lastEventId }) {
    openedAt.push(lastEventId);
    for (let index = Number(lastEventId ?? 0) + 1; index <= input; index++) {
      yield tracked(String(index), index);
      if (index % 3 === 0) yield -index;
    }
  });
  return { openedAt, router: t.router({ read }) };
}

async function loseSession<Tree>({ restart, environment }: ServedClient<Tree>): Promise<void> {
  restart();
  await environment.clock.advanceAsync(5_000);
  await settled();
}

describe('a stream whose items bear ids', () => {
  it('is opened behind the last of them when its session is lost, so that none is missed and none comes twice', async () => {
    const { openedAt, router } = log();
    const served = await opened(serveClient(router, { streamWindow: 4 }));
    const stream = served.client.api.read.stream(10);
    const items: number[] = [];
    for (const _ of [1, 2, 3]) items.push((await stream.next()).value as number);

    await loseSession(served);
    for await (const item of stream) items.push(item);

    expect(openedAt).toHaveLength(2);
    expect(items.filter((item) => item > 0)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it('keeps its place when items without one come between', async () => {
    const { openedAt, router } = log();
    const served = await opened(serveClient(router, { streamWindow: 4 }));
    const stream = served.client.api.read.stream(10);
    // 1, 2, 3, -3 are read, and 4, 5, 6, -6 wait for the reader.
    for (const _ of [1, 2, 3, 4]) await stream.next();
    await settled();

    await loseSession(served);
    const rest: number[] = [];
    for await (const item of stream) rest.push(item);

    expect(openedAt).toEqual([null, '6']);
    expect(rest).toEqual([4, 5, 6, -6, 7, 8, 9, -9, 10]);
  });

  it('asks for no more items than its reader has room for when it is opened again', async () => {
    const { router } = log();
    const served = await opened(serveClient(router, { streamWindow: 4 }));
    const stream = served.client.api.read.stream(1_000);
    await stream.next();
    await loseSession(served);
    await settled();

    for (let index = 0; index < 100; index++) await stream.next();
    expect(served.client.status.state).toBe('open');
    await stream.return();
  });

  it('begins behind the id it is given, and tells the one it has reached', async () => {
    const { openedAt, router } = log();
    const { client } = serveClient(router);
    const stream = client.api.read.stream(10, { lastEventId: '8' });
    expect(stream.lastEventId).toBe('8');
    const items: number[] = [];
    for await (const item of stream) items.push(item);

    expect(openedAt).toEqual(['8']);
    expect(items).toEqual([9, -9, 10]);
    expect(stream.lastEventId).toBe('10');
  });

  it('that has given no id yet fails with its session, unless it was opened to be gone on with', async () => {
    const openedAt: Array<string | null> = [];
    const late = t.stream(async function* ({ lastEventId, signal }) {
      openedAt.push(lastEventId);
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      yield 1;
    });
    const served = await opened(serveClient(t.router({ late })));
    const plain = served.client.api.late.stream().next();
    const resumable = served.client.api.late.stream(undefined, { lastEventId: '' });
    const waiting = resumable.next();
    plain.catch(() => {});
    waiting.catch(() => {});
    await settled();

    await loseSession(served);

    await expect(plain).rejects.toMatchObject({ code: 'DISCONNECTED', delivery: 'unknown' });
    expect(openedAt).toEqual([null, null, null]);
    await resumable.return();
  });
});

it('refuses an id that cannot travel', () => {
  for (const id of ['', 'x'.repeat(256), 7 as unknown as string]) expect(() => tracked(id, 1)).toThrow(/1 to 255/);
});

it('leaves a stream whose iterator is thrown at, and rejects with what was thrown', async () => {
  const state = { left: false };
  const endless = t.stream(async function* () {
    try {
      while (true) yield 1;
    } finally {
      state.left = true;
    }
  });
  const { client } = serveClient(t.router({ endless }));
  const stream = client.api.endless.stream();
  await stream.next();
  await expect(stream.throw(new Error('enough'))).rejects.toThrow('enough');
  await settled();
  expect(state.left).toBe(true);
});
