import { createJsonSerializer, createSuperjsonSerializer } from '@typewire/core';
import { typewire } from '@typewire/server';
import { settled } from '@typewire/testing';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createClient, safe } from '../src/index.ts';
import { opened, type ServedClient, serveClient } from './served-client.ts';

const t = typewire();
const bytes = z.instanceof(Uint8Array);
const frames = t.channel({ event: z.unknown(), history: {}, subscribe: () => true, publish: () => true });
const ran: string[] = [];
const router = t.router({
  frames,
  echo: t.input(z.unknown()).query(({ input }) => input),
  note: t.input(z.string()).mutation(({ input }) => void ran.push(input)),
  save: t.input(z.unknown()).mutation(() => void ran.push('save')),
  double: t.input(bytes).stream(async function* ({ input }) {
    yield input;
    yield 'between';
    yield input;
  }),
  blobs: t.stream(async function* () {
    yield new Blob(['one']);
    yield new Blob(['two']);
  }),
  torn: t.errors({ TORN: z.object({ rest: bytes }) }).mutation(({ fail }) => {
    throw fail('TORN', { rest: Uint8Array.of(1, 2) });
  }),
  broken: t.query(() => unreadable()),
  show: t.input(z.unknown()).mutation(({ input, publish }) => publish(frames(), input)),
});

const cause = new Error('the file has changed');
function unreadable(): Blob {
  const blob = new Blob(['x']);
  blob.arrayBuffer = () => Promise.reject(cause);
  return blob;
}

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const collected: Item[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}

const binaryOf = ({ network }: Pick<ServedClient<unknown>, 'network'>): number =>
  network.pairs.reduce((count, { left, right }) => count + left.sentBinary.length + right.sentBinary.length, 0);

describe('bytes', () => {
  it('go up with a call and come back with its result', async () => {
    const served = await opened(serveClient(router));
    const value = { pcm: Int16Array.of(-1, 256), at: new Date(7) };

    expect(await served.client.api.echo.query(value)).toEqual(value);
    expect(binaryOf(served)).toBe(2);
  });

  it('travel in streams, in order', async () => {
    const { client } = await opened(serveClient(router));
    const items = await collect(client.api.double.stream(Uint8Array.of(7)));

    expect(items).toEqual([Uint8Array.of(7), 'between', Uint8Array.of(7)]);
  });

  it('travel in the data of errors', async () => {
    const { client } = await opened(serveClient(router));

    expect(await safe(client.api.torn.mutate())).toMatchObject({
      error: { code: 'TORN', data: { rest: Uint8Array.of(1, 2) }, delivery: 'answered' },
    });
  });

  it('are published by both ends, and kept for who comes later', async () => {
    const served = await opened(serveClient(router));
    const events: unknown[] = [];
    served.client.api.frames.subscribe(undefined).on('event', (event) => events.push(event));
    await settled();
    await served.client.api.frames.publish(undefined, Uint8Array.of(1));
    await served.wire.publish(frames(), Uint8Array.of(2));
    await served.client.api.show.mutate(new Blob(['3']));
    await settled();
    const late: unknown[] = [];
    const other = createClient<typeof router>({
      url: 'memory:',
      connect: served.network.connect,
      environment: served.environment,
    });
    other.api.frames.subscribe(undefined, { rewind: 3 }).on('event', (event) => late.push(event));
    await settled();

    expect(events.slice(0, 2)).toEqual([Uint8Array.of(1), Uint8Array.of(2)]);
    expect(await (events[2] as Blob).text()).toBe('3');
    expect(late.slice(0, 2)).toEqual(events.slice(0, 2));
    expect(late).toHaveLength(3);
  });

  it('that were on their way when the connection was lost arrive once, with the session', async () => {
    const served = await opened(serveClient(router, { retryDelayMs: () => 1 }));
    const value = Uint8Array.of(1, 2, 3);
    served.network.pairs[0]?.hold();
    const answer = served.client.api.save.mutate(value);
    await settled();
    ran.length = 0;
    served.network.cut();
    await settled();
    served.environment.clock.advance(1);
    await answer;

    expect(ran).toEqual(['save']);
    expect(served.client.status.session).toBe('resumed');
    expect(served.network.pairs[1]?.left.sentBinary).toEqual(served.network.pairs[0]?.left.sentBinary);
  });

  it('above what the server takes fail their call alone, unsent', async () => {
    const served = await opened(serveClient(router, {}, { limits: { maxMessageBytes: 1_000 } }));
    const outcome = await safe(served.client.api.echo.query(new Uint8Array(1_000)));

    expect(outcome).toMatchObject({ error: { code: 'LIMIT_EXCEEDED', delivery: 'not-sent' } });
    expect(binaryOf(served)).toBe(0);
    expect(await served.client.api.echo.query(new Uint8Array(800))).toEqual(new Uint8Array(800));
  });
});

describe('a Blob', () => {
  it('goes up and comes back', async () => {
    const { client } = await opened(serveClient(router));
    const blob = (await client.api.echo.query(new Blob(['dots'], { type: 'text/plain' }))) as Blob;

    expect([await blob.text(), blob.type]).toEqual(['dots', 'text/plain']);
  });

  it('delays its own call alone', async () => {
    const { client } = await opened(serveClient(router));
    ran.length = 0;
    await Promise.all([client.api.save.mutate(new Blob(['x'])), client.api.note.mutate('later')]);

    expect(ran).toEqual(['later', 'save']);
  });

  it('keeps its place in a stream', async () => {
    const { client } = await opened(serveClient(router));
    const items = (await collect(client.api.blobs.stream())) as Blob[];

    expect(await Promise.all(items.map((item) => item.text()))).toEqual(['one', 'two']);
  });

  it('that cannot be read fails what it stands in, which is not sent', async () => {
    const { client } = await opened(serveClient(router));
    const failed = {
      error: { code: 'UNREADABLE', delivery: 'not-sent', message: 'a Blob in input could not be read' },
    };

    expect(await safe(client.api.echo.query(unreadable()))).toMatchObject(failed);
    const reading = client.api.double.stream(unreadable() as never).next();
    await expect(reading).rejects.toMatchObject({ code: 'UNREADABLE' });
    const published = client.api.frames.publish(undefined, unreadable());
    await expect(published).rejects.toMatchObject({ code: 'UNREADABLE', delivery: 'not-sent' });
  });

  it('that the server cannot read is its own failure', async () => {
    const { client, errors } = await opened(serveClient(router));

    expect(await safe(client.api.broken.query())).toMatchObject({ error: { code: 'INTERNAL' } });
    expect(errors).toMatchObject([{ path: 'broken', error: { cause } }]);
  });

  it('in a call given up before it was read sends nothing', async () => {
    const served = await opened(serveClient(router));
    const abort = new AbortController();
    const outcome = safe(served.client.api.echo.query(new Blob(['x']), { signal: abort.signal }));
    abort.abort();

    expect(await outcome).toMatchObject({ error: { code: 'ABORTED', delivery: 'not-sent' } });
    expect(binaryOf(served)).toBe(0);
  });
});

describe('a value that cannot travel', () => {
  it('rejects the call, and says where it stands', async () => {
    const { client } = await opened(serveClient(router));

    await expect(client.api.echo.query({ user: { avatar: () => 1 } })).rejects.toMatchObject({
      code: 'UNSERIALIZABLE',
      message: expect.stringContaining('input.user.avatar is a function'),
    });
  });

  it('is a failure of the server when it is a result', async () => {
    const served = serveClient(t.router({ run: t.query(() => ({ user: { run: () => 1 } })) }));
    const { client, errors } = await opened(served);

    expect(await safe(client.api.run.query())).toMatchObject({ error: { code: 'INTERNAL' } });
    expect(String(errors[0]?.error)).toContain('output.user.run is a function');
  });

  it('is bytes in credentials', async () => {
    const served = serveClient(router, { auth: Uint8Array.of(1) });
    await settled();

    expect(served.client.status).toMatchObject({ state: 'closed', error: { code: 'BAD_OPTION' } });
    expect(served.client.status.error?.message).toContain('auth must not hold bytes');
  });
});

describe('a serializer that both ends are given', () => {
  class Money {
    readonly cents: bigint;
    constructor(cents: bigint) {
      if (typeof cents !== 'bigint') throw new TypeError('not an amount');
      this.cents = cents;
    }
  }
  const money = {
    is: (value: object) => value instanceof Money,
    encode: ({ cents }: Money): unknown => cents,
    decode: (cents: bigint) => new Money(cents),
  };
  const serializer = createSuperjsonSerializer({ types: { Money: money } });

  it('carries the classes it knows', async () => {
    const { client } = await opened(serveClient(router, { serializer }, { serializer }));

    expect(await client.api.echo.query([new Money(7n)])).toEqual([new Money(7n)]);
  });

  it('closes the connection over what its classes do not take', async () => {
    const liar = createSuperjsonSerializer({ types: { Money: { ...money, encode: () => 'much' } } });
    const served = await opened(serveClient(router, { serializer: liar, retryDelayMs: () => null }, { serializer }));

    expect(await safe(served.client.api.save.mutate(new Money(1n)))).toMatchObject({
      error: { code: 'DISCONNECTED', delivery: 'unknown' },
    });
    expect(served.client.status.error).toMatchObject({ closeCode: 4502 });
  });

  it('may be plain JSON', async () => {
    const json = createJsonSerializer();
    const { client } = await opened(serveClient(router, { serializer: json }, { serializer: json }));

    expect(await client.api.echo.query({ a: [1] })).toEqual({ a: [1] });
    await expect(client.api.echo.query({ at: new Date(0) })).rejects.toThrow('input.at is an instance of Date');
  });
});
