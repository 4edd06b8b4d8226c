import { settled } from '@typewire/testing';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createWire, typewire, type WireSettings } from '../src/index.ts';
import { openClient, type RawClient, served } from './raw-client.ts';

const t = typewire();

/** A sum of the caller's numbers, up to `until` of them, and the same as it grows. */
const api = t.router({
  sum: t
    .input(z.object({ until: z.number() }).optional())
    .upload(z.number())
    .mutation(async ({ input, incoming }) => {
      let [sum, count] = [0, 0];
      for await (const number of incoming) {
        sum += number;
        if (++count === input?.until) break;
      }
      return sum;
    }),
  running: t.upload(z.number()).stream(async function* ({ incoming }) {
    let sum = 0;
    for await (const number of incoming) {
      sum += number;
      yield sum;
    }
  }),
  deaf: t.upload(z.number()).mutation(() => 'heard nothing'),
});

async function open(
  settings: WireSettings = {},
): Promise<{ client: RawClient; errors: ReturnType<typeof served>['errors'] }> {
  const { settings: base, errors } = served();
  return { client: await openClient(createWire({ router: api, ...base, ...settings })), errors };
}

describe('an upload', () => {
  it('is asked for its chunks when the handler reads them, and answered when they have ended', async () => {
    const { client } = await open();

    await client.send([31, 1, 'sum', 0, null]);
    expect(client.take()).toEqual([[28, 1, 8]]);
    await client.send([25, 1, 2]);
    await client.send([25, 1, 3]);
    await client.send([26, 1]);

    expect(client.take()).toEqual([[17, 1, 5]]);
  });

  it('is granted more as it is read, half a window at a time', async () => {
    const { client } = await open({ limits: { uploadWindow: 4 } });

    await client.send([31, 1, 'sum', 0, null]);
    for (const number of [1, 2, 3, 4, 5]) await client.send([25, 1, number]);

    expect(client.take()).toEqual([
      [28, 1, 4],
      [28, 1, 2],
      [28, 1, 2],
    ]);
  });

  it('is told to stop when its handler leaves the loop, and what it still sends is ignored', async () => {
    const { client } = await open();

    await client.send([31, 1, 'sum', 0, null, { until: 2 }]);
    await client.send([25, 1, 2]);
    await client.send([25, 1, 3]);
    await client.send([25, 1, 4]);
    await client.send([26, 1]);

    expect(client.take()).toEqual([
      [28, 1, 8],
      [29, 1],
      [17, 1, 5],
    ]);
    expect(client.closed).toBeNull();
  });

  it('is never asked for chunks that its handler does not read', async () => {
    const { client } = await open();
    await client.send([31, 1, 'deaf', 0, null]);
    expect(client.take()).toEqual([[17, 1, 'heard nothing']]);
  });

  it('that breaks off fails with ABORTED, and is no error of the server', async () => {
    const { client, errors } = await open();

    await client.send([31, 1, 'sum', 0, null]);
    await client.send([27, 1, 'Error: the disk was removed']);

    expect(client.take()[1]).toEqual([18, 1, 'ABORTED', expect.stringContaining('the disk was removed')]);
    expect(errors).toEqual([]);
  });

  it.each([
    ['ends', [26, 1], [17, 1, 0]],
    ['breaks off', [27, 1, 'no disk'], [18, 1, 'ABORTED', expect.stringContaining('no disk')]],
  ])('that %s before its handler reads is answered, and asked for nothing', async (_name, end, answer) => {
    let read = (): void => {};
    const late = t.upload(z.number()).mutation(async (args) => {
      await new Promise<void>((resolve) => {
        read = resolve;
      });
      let count = 0;
      for await (const _number of args.incoming) count++;
      return count;
    });
    const { settings, errors } = served();
    const client = await openClient(createWire({ router: t.router({ late }), ...settings }));

    await client.send([31, 1, 'late', 0, null]);
    await client.send(end);
    read();
    await settled();

    expect(client.take()).toEqual([answer]);
    expect(errors).toEqual([]);
  });

  it('that breaks off twice is no error of the server either', async () => {
    const { client, errors } = await open();
    await client.send([31, 1, 'sum', 0, null]);
    await client.send([
      [27, 1, 'first'],
      [27, 1, 'second'],
    ]);
    expect(client.take()[1]).toEqual([18, 1, 'ABORTED', expect.stringContaining('first')]);
    expect(errors).toEqual([]);
  });

  it('is over for a handler that begins to read when it has returned', async () => {
    let end: unknown = null;
    const hasty = t.upload(z.number()).mutation((args) => {
      end = Promise.resolve().then(async () => {
        for await (const _number of args.incoming);
        return 'over';
      });
      return 'done';
    });
    const { settings } = served();
    const client = await openClient(createWire({ router: t.router({ hasty }), ...settings }));
    await client.send([31, 1, 'hasty', 0, null]);
    expect(client.take()).toEqual([[17, 1, 'done']]);
    expect(await end).toBe('over');
  });

  it.each([
    [Number.POSITIVE_INFINITY, Number.MAX_SAFE_INTEGER],
    [2.5, 2],
  ])('is granted a count with a window of %d', async (uploadWindow, count) => {
    const { client } = await open({ limits: { uploadWindow } });
    await client.send([31, 1, 'sum', 0, null, { until: 3 }]);
    for (let number = 1; number <= 3; number++) await client.send([25, 1, number]);
    const messages = client.take();
    expect(messages[0]).toEqual([28, 1, count]);
    expect(messages.at(-1)).toEqual([17, 1, 6]);
  });

  it('fails with INVALID_INPUT for a chunk that does not pass its schema, and is told to stop', async () => {
    const { client } = await open();

    await client.send([31, 1, 'sum', 0, null]);
    await client.send([25, 1, 'seven']);

    expect(client.take().slice(1)).toEqual([
      [29, 1],
      [18, 1, 'INVALID_INPUT', 'a chunk is not valid', [{ message: expect.any(String), path: [] }]],
    ]);
  });

  it.each([
    ['before it was asked for any', 'deaf-to-come', 0],
    ['beyond what it was granted', 'sum', 9],
  ])('that sends a chunk %s is closed with 4502', async (_name, path, count) => {
    const late = t.upload(z.number()).mutation(() => new Promise<never>(() => {}));
    const stuck = t.upload(z.number()).mutation(({ incoming }) => new Promise<never>(() => void incoming));
    const { settings } = served();
    const router = t.router({ 'deaf-to-come': late, sum: stuck });
    const client = await openClient(createWire({ router, ...settings }));

    await client.send([31, 1, path, 0, null]);
    for (let index = 0; index < Math.max(1, count); index++) await client.send([25, 1, index]);

    expect(client.closed?.code).toBe(4502);
  });

  it.each([
    ['cancelled', async (client: RawClient) => client.send([19, 1])],
    ['lost with its connection', async (client: RawClient) => client.pair.left.close(1000, '')],
  ])('that is %s ends the loop of its handler', async (_name, end) => {
    const left: unknown[] = [];
    const sink = t.upload(z.number()).mutation(async ({ incoming }) => {
      try {
        for await (const number of incoming) left.push(number);
      } catch (error) {
        left.push((error as { code?: unknown }).code);
      }
    });
    const { settings } = served();
    const client = await openClient(createWire({ router: t.router({ sink }), ...settings }));

    await client.send([31, 1, 'sink', 0, null]);
    await client.send([25, 1, 7]);
    await end(client);
    await settled();

    expect(left).toEqual([7, 'ABORTED']);
  });

  it('beyond the limit of a connection is refused, and the option is named', async () => {
    const { client } = await open({ limits: { maxUploads: 1 } });

    await client.send([31, 1, 'sum', 0, null]);
    await client.send([31, 2, 'sum', 0, null]);

    expect(client.take()[1]).toEqual([18, 2, 'LIMIT_EXCEEDED', expect.stringContaining('limits.maxUploads')]);
  });

  it('does not stop the connection from being read, however many there are', async () => {
    const { client } = await open({ limits: { maxCallsInFlight: 1, maxUploads: 8 } });

    for (const id of [1, 2, 3]) await client.send([31, id, 'sum', 0, null]);
    await client.send([25, 3, 7]);
    await client.send([26, 3]);

    expect(client.take().at(-1)).toEqual([17, 3, 7]);
  });

  it.each([
    ['as a mutation', [24, 1, 'sum', 0, null], 'upload, not a mutation'],
    ['for items when it has one answer', [31, 1, 'sum', 0, 8], 'upload, not a duplex'],
    ['for one answer when it has items', [31, 1, 'running', 0, null], 'duplex, not a upload'],
  ])('called %s is not run', async (_name, message, text) => {
    const { client } = await open();
    await client.send(message);
    expect(client.take()).toEqual([[18, 1, 'NOT_FOUND', expect.stringContaining(text)]]);
  });
});

describe('a stream both ways', () => {
  it('takes chunks and gives items, each as far as its reader lets it', async () => {
    const { client } = await open();

    await client.send([31, 1, 'running', 0, 2]);
    for (const number of [1, 2, 3]) await client.send([25, 1, number]);
    expect(client.take()).toEqual([
      [28, 1, 8],
      [21, 1, 1],
      [21, 1, 3],
    ]);
    await client.send([23, 1, 1]);
    expect(client.take()).toEqual([[21, 1, 6]]);
    await client.send([23, 1, 1]);
    await client.send([26, 1]);

    expect(client.take()).toEqual([[22, 1]]);
  });
});

it('tells the caller to stop when a handler leaves while it waits for a chunk', async () => {
  const { settings } = served();
  let leave = (): void => {};
  let answer = (): void => {};
  const take = t.upload(z.string()).mutation(async ({ incoming }) => {
    const chunks = incoming[Symbol.asyncIterator]();
    const next = chunks.next();
    await new Promise<void>((resolve) => {
      leave = resolve;
    });
    await chunks.return?.();
    await new Promise<void>((resolve) => {
      answer = resolve;
    });
    return (await next).done;
  });
  const client = await openClient(createWire({ router: t.router({ take }), ...settings }));

  await client.send([31, 1, 'take', 0, null]);
  client.take();
  leave();
  await settled();
  expect(client.take()).toEqual([[29, 1]]);
  answer();
  await settled();

  expect(client.take()).toEqual([[17, 1, true]]);
});
