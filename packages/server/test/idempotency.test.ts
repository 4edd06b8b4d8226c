import { settled } from '@typewire/testing';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type CallEvent, createWire, type IdempotencyLimits, typewire, type WireSettings } from '../src/index.ts';
import { RawClient, served } from './raw-client.ts';

const t = typewire<{ readonly mayAct: boolean }>();

/** A server whose handlers write down what they ran with, and wait where a test wants them to. */
function serve(idempotency: IdempotencyLimits = {}, settings: Partial<WireSettings> = {}) {
  const context = served();
  const ran: unknown[] = [];
  const signals: AbortSignal[] = [];
  const releases: Array<(value: unknown) => void> = [];
  const enter: Array<() => void> = [];
  const member = t.use(({ ctx, next, fail }) => {
    if (!ctx.mayAct) throw fail('FORBIDDEN');
    return next();
  });
  const wait = ({ input, signal }: { input?: unknown; signal: AbortSignal }): Promise<unknown> => {
    ran.push(input);
    signals.push(signal);
    return new Promise((resolve, reject) => {
      releases.push(resolve);
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
  };
  const router = t.router({
    add: t.input(z.number()).mutation(({ input }) => ran.push(input)),
    wait: t.input(z.any()).mutation(wait),
    stubborn: t.mutation(() => {
      ran.push('stubborn');
      return new Promise((resolve) => releases.push(resolve));
    }),
    limited: t.limits({ maxInFlight: 1 }).input(z.any()).mutation(wait),
    brief: t.limits({ timeoutMs: 2_000 }).mutation(wait),
    slowlyEntered: t
      .use(async ({ next }) => {
        await new Promise<void>((resolve) => enter.push(resolve));
        return next();
      })
      .mutation(() => void ran.push('entered')),
    guarded: member.mutation(() => void ran.push('guarded')),
    full: t.errors({ FULL: z.object({ limit: z.number() }) }).mutation(({ fail }) => {
      ran.push('full');
      throw fail('FULL', { limit: 5 });
    }),
    broken: t.mutation(() => {
      ran.push('broken');
      throw new Error('a secret');
    }),
    text: t.input(z.number()).mutation(({ input }) => {
      ran.push(input);
      return 'x'.repeat(input);
    }),
    day: t.mutation(() => new Date(0)),
  });
  const wire = createWire({
    router,
    authenticate: ({ auth }) => {
      const { id, mayAct = true } = (auth ?? {}) as { id?: string; mayAct?: boolean };
      return { context: { mayAct }, ...(id === undefined ? {} : { subject: id }) };
    },
    sessions: { resumableMs: 0 },
    ...context.settings,
    ...settings,
    idempotency,
  });
  const open = async (client: string | null, auth?: unknown): Promise<RawClient> => {
    const raw = new RawClient(wire);
    const options = client === null ? { control: false } : { control: false, client };
    await raw.send(auth === undefined ? [1, 1, options] : [1, 1, options, auth]);
    raw.take();
    return raw;
  };
  return { ...context, wire, open, ran, signals, releases, enter };
}

const ann = { id: 'ann' };

/** Type, id, and value or code. */
const heads = (messages: ReadonlyArray<readonly unknown[]>): unknown[] => messages.map((fields) => fields.slice(0, 3));

describe('a repeat', () => {
  it('gets the result of the first and runs nothing, on another session too', async () => {
    const { open, ran } = serve();
    const first = await open('client-1');
    await first.send([24, 1, 'add', 0, 'key', 7]);
    await first.send([24, 2, 'add', 0, 'key', 7]);
    first.pair.cut();
    const second = await open('client-1');
    await second.send([24, 1, 'add', 0, 'key', 7]);

    expect(first.take()).toEqual([
      [17, 1, 1],
      [17, 2, 1],
    ]);
    expect(second.take()).toEqual([[17, 1, 1]]);
    expect(ran).toEqual([7]);
  });

  it('gets values that JSON lacks as they were', async () => {
    const { open } = serve();
    const client = await open('client-1');
    await client.send([24, 1, 'day', 0, 'key']);
    await client.send([24, 2, 'day', 0, 'key']);

    expect(client.take().map((message) => client.value(message, 2))).toEqual([new Date(0), new Date(0)]);
  });

  it('gets the failure the handler declared, with its data', async () => {
    const { open, ran } = serve();
    const client = await open('client-1');
    await client.send([24, 1, 'full', 0, 'key']);
    await client.send([24, 2, 'full', 0, 'key']);

    expect(client.take()).toEqual([
      [18, 1, 'FULL', 'FULL', { limit: 5 }],
      [18, 2, 'FULL', 'FULL', { limit: 5 }],
    ]);
    expect(ran).toEqual(['full']);
  });

  it('gets the same INTERNAL with the same id, as nobody knows what the handler had done', async () => {
    const { open, ran, errors } = serve();
    const client = await open('client-1');
    await client.send([24, 1, 'broken', 0, 'key']);
    await client.send([24, 2, 'broken', 0, 'key']);

    const [first, second] = client.take();
    expect(first?.slice(0, 3)).toEqual([18, 1, 'INTERNAL']);
    expect(second?.slice(2)).toEqual(first?.slice(2));
    expect(errors).toHaveLength(1);
    expect(ran).toEqual(['broken']);
  });

  it('runs when the first was refused before its handler began', async () => {
    const { open, ran } = serve();
    const before = await open('client-1', { id: 'ann', mayAct: false });
    await before.send([24, 1, 'guarded', 0, 'key']);
    const after = await open('client-1', ann);
    await after.send([24, 1, 'guarded', 0, 'key']);
    await after.send([24, 2, 'add', 0, 'key', 'seven']);
    await after.send([24, 3, 'add', 0, 'key', 7]);

    expect(heads(before.take())).toEqual([[18, 1, 'FORBIDDEN']]);
    expect(heads(after.take())).toEqual([
      [17, 1],
      [18, 2, 'INVALID_INPUT'],
      [17, 3, 2],
    ]);
    expect(ran).toEqual(['guarded', 7]);
  });

  it('runs again when the result has been kept for its time', async () => {
    const { open, ran, environment } = serve({ keepMs: 1_000 });
    const client = await open('client-1');
    await client.send([24, 1, 'add', 0, 'key', 7]);
    await environment.clock.advanceAsync(999);
    await client.send([24, 2, 'add', 0, 'key', 7]);
    await environment.clock.advanceAsync(1);
    await client.send([24, 3, 'add', 0, 'key', 7]);

    expect(client.take()).toEqual([
      [17, 1, 1],
      [17, 2, 1],
      [17, 3, 2],
    ]);
    expect(ran).toEqual([7, 7]);
  });

  it('with another input is refused', async () => {
    const { open, ran } = serve();
    const client = await open('client-1');
    await client.send([24, 1, 'add', 0, 'key', 7]);
    await client.send([24, 2, 'add', 0, 'key', 8]);
    await client.send([24, 3, 'wait', 0, 'key', { a: 1 }]);
    await client.send([24, 4, 'wait', 0, 'key', { a: 2 }]);

    expect(heads(client.take())).toEqual([
      [17, 1, 1],
      [18, 2, 'CONFLICT'],
      [18, 4, 'CONFLICT'],
    ]);
    expect(ran).toEqual([7, { a: 1 }]);
  });

  it('is told that its call ran when the result is too large to keep, and runs nothing', async () => {
    const { open, ran } = serve({ maxResultSize: 100 });
    const client = await open('client-1');
    await client.send([24, 1, 'text', 0, 'small', 97]);
    await client.send([24, 2, 'text', 0, 'large', 98]);
    await client.send([24, 3, 'text', 0, 'small', 97]);
    await client.send([24, 4, 'text', 0, 'large', 98]);

    expect(heads(client.take())).toEqual([
      [17, 1, 'x'.repeat(97)],
      [17, 2, 'x'.repeat(98)],
      [17, 3, 'x'.repeat(97)],
      [18, 4, 'RESULT_GONE'],
    ]);
    expect(ran).toEqual([97, 98]);
  });

  it('with an id that was used before breaks the protocol, and runs nothing', async () => {
    const { open, ran } = serve();
    const client = await open('client-1');
    await client.send([24, 1, 'add', 0, 'one', 7]);
    await client.send([24, 1, 'add', 0, 'two', 8]);

    expect(client.closed).toMatchObject({ code: 4502 });
    expect(ran).toEqual([7]);
  });
});

describe('a key', () => {
  it('of one subject is its own on all its clients, and nobody else has it', async () => {
    const { open, ran } = serve();
    const auths: ReadonlyArray<readonly [string | null, unknown?]> = [
      ['phone', ann],
      ['laptop', ann],
      ['phone', { id: 'bob' }],
      ['ann'],
      ['subject ann'],
      [null],
      [null],
    ];
    const answers: unknown[] = [];
    for (const [client, auth] of auths) {
      const raw = await open(client, auth);
      await raw.send([24, 1, 'add', 0, 'key', 7]);
      answers.push(raw.take()[0]?.[2]);
    }

    expect(answers).toEqual([1, 1, 2, 3, 4, 5, 6]);
    expect(ran).toHaveLength(6);
  });

  it('of a client nobody knew is found by the same client when it has signed in, and by no other', async () => {
    const { open, ran } = serve();
    const visitor = await open('phone');
    await visitor.send([24, 1, 'add', 0, 'key', 7]);
    const [signedIn, other] = [await open('phone', ann), await open('laptop', ann)];
    await signedIn.send([24, 1, 'add', 0, 'key', 7]);
    await other.send([24, 1, 'add', 0, 'key', 7]);

    expect(signedIn.take()).toEqual([[17, 1, 1]]);
    expect(other.take()).toEqual([[17, 1, 2]]);
    expect(ran).toEqual([7, 7]);
  });

  it('belongs to one procedure', async () => {
    const { open, ran } = serve();
    const client = await open('client-1');
    await client.send([24, 1, 'full', 0, 'key']);
    await client.send([24, 2, 'broken', 0, 'key']);

    expect(ran).toEqual(['full', 'broken']);
  });

  it.each(['__proto__', 'constructor', '\u0000', '"],["', '\ud800'])('may be any text: %j', async (key) => {
    const { open, ran } = serve();
    const client = await open('client-1');
    await client.send([24, 1, 'add', 0, key, 7]);
    await client.send([24, 2, 'add', 0, key, 7]);

    expect(client.take()).toEqual([
      [17, 1, 1],
      [17, 2, 1],
    ]);
    expect(ran).toEqual([7]);
  });
});

describe('a repeat of a call that still runs', () => {
  it('waits for the same outcome', async () => {
    const { open, ran, releases } = serve();
    const [phone, laptop] = [await open('phone', ann), await open('laptop', ann)];
    await phone.send([24, 1, 'wait', 0, 'key', 'x']);
    await laptop.send([24, 5, 'wait', 0, 'key', 'x']);
    releases[0]?.('done');
    await settled();

    expect(phone.take()).toEqual([[17, 1, 'done']]);
    expect(laptop.take()).toEqual([[17, 5, 'done']]);
    expect(ran).toEqual(['x']);
  });

  it('is not stopped by the loss of the session the call came from', async () => {
    const { open, ran, signals, releases } = serve();
    const first = await open('client-1');
    await first.send([24, 1, 'wait', 0, 'key', 'x']);
    first.pair.cut();
    await settled();
    const second = await open('client-1');
    await second.send([24, 1, 'wait', 0, 'key', 'x']);

    expect(signals[0]?.aborted).toBe(false);
    releases[0]?.('done');
    await settled();
    expect(second.take()).toEqual([[17, 1, 'done']]);
    expect(ran).toEqual(['x']);
  });

  it('finds the outcome when the handler stopped while nobody was connected', async () => {
    const { open, ran, releases } = serve();
    const first = await open('client-1');
    await first.send([24, 1, 'wait', 0, 'key', 'x']);
    first.pair.cut();
    await settled();
    releases[0]?.('done');
    await settled();
    const second = await open('client-1');
    await second.send([24, 1, 'wait', 0, 'key', 'x']);

    expect(second.take()).toEqual([[17, 1, 'done']]);
    expect(ran).toEqual(['x']);
  });

  it('gives it up for itself: the handler is told when the last one has', async () => {
    const { open, signals } = serve();
    const [phone, laptop] = [await open('phone', ann), await open('laptop', ann)];
    await phone.send([24, 1, 'wait', 0, 'key', 'x']);
    await laptop.send([24, 1, 'wait', 0, 'key', 'x']);
    await phone.send([19, 1]);
    expect(signals[0]?.aborted).toBe(false);
    await laptop.send([19, 1]);

    expect(signals[0]?.aborted).toBe(true);
    expect([...phone.take(), ...laptop.take()]).toEqual([]);
  });

  it('speaks for its client, whose older session the server may still believe in', async () => {
    const { open, signals } = serve({}, { sessions: {} });
    const first = await open('client-1');
    await first.send([24, 1, 'wait', 0, 'key', 'x']);
    first.pair.cut();
    const second = await open('client-1');
    await second.send([24, 1, 'wait', 0, 'key', 'x']);
    await second.send([19, 1]);

    expect(signals[0]?.aborted).toBe(true);
  });

  it('waits by a deadline of its own', async () => {
    const { open, signals, releases, environment } = serve();
    const [phone, laptop] = [await open('phone', ann), await open('laptop', ann)];
    await phone.send([24, 1, 'wait', 1_000, 'key', 'x']);
    await laptop.send([24, 1, 'wait', 5_000, 'key', 'x']);
    await environment.clock.advanceAsync(1_500);
    expect(heads(phone.take())).toEqual([[18, 1, 'TIMEOUT']]);
    expect(signals[0]?.aborted).toBe(false);
    releases[0]?.('done');
    await settled();

    expect(laptop.take()).toEqual([[17, 1, 'done']]);
    expect(phone.take()).toEqual([]);
  });

  it('does not stretch the limit of the procedure', async () => {
    const { open, signals, environment } = serve();
    const [phone, laptop] = [await open('phone', ann), await open('laptop', ann)];
    await phone.send([24, 1, 'brief', 0, 'key']);
    await environment.clock.advanceAsync(1_500);
    await laptop.send([24, 1, 'brief', 0, 'key']);
    await environment.clock.advanceAsync(1_000);

    expect(signals[0]?.aborted).toBe(true);
    expect(heads([...phone.take(), ...laptop.take()])).toEqual([
      [18, 1, 'TIMEOUT'],
      [18, 1, 'TIMEOUT'],
    ]);
  });

  it('is refused while a handler that was given up has not stopped, and gets what it made of it then', async () => {
    const { open, ran, releases } = serve();
    const client = await open('client-1');
    await client.send([24, 1, 'stubborn', 0, 'key']);
    await client.send([19, 1]);
    await client.send([24, 2, 'stubborn', 0, 'key']);
    releases[0]?.('done all the same');
    await settled();
    await client.send([24, 3, 'stubborn', 0, 'key']);

    expect(heads(client.take())).toEqual([
      [18, 2, 'CONFLICT'],
      [17, 3, 'done all the same'],
    ]);
    expect(ran).toEqual(['stubborn']);
  });

  it('runs nothing when the first was given up and stopped for that: nobody knows how far it came', async () => {
    const { open, ran } = serve();
    const client = await open('client-1');
    await client.send([24, 1, 'wait', 0, 'key', 'x']);
    await client.send([19, 1]);
    await client.send([24, 2, 'wait', 0, 'key', 'x']);

    expect(heads(client.take())).toEqual([[18, 2, 'RESULT_GONE']]);
    expect(ran).toEqual(['x']);
  });

  it('runs when the first was given up before its handler began', async () => {
    const { open, ran, enter } = serve();
    const client = await open('client-1');
    await client.send([24, 1, 'slowlyEntered', 0, 'key']);
    await client.send([19, 1]);
    enter[0]?.();
    await settled();
    await client.send([24, 2, 'slowlyEntered', 0, 'key']);
    enter[1]?.();
    await settled();

    expect(client.take()).toEqual([[17, 2]]);
    expect(ran).toEqual(['entered']);
  });

  it.each([
    ['gave it up', [19, 1]],
    ['waited no longer', null],
  ])(
    'finds it running although somebody else %s: its own session was lost, and it comes back',
    async (_how, cancel) => {
      const { open, ran, signals, releases, environment } = serve();
      const [phone, laptop] = [await open('phone', ann), await open('laptop', ann)];
      await phone.send([24, 1, 'wait', cancel === null ? 1_000 : 0, 'key', 'x']);
      await laptop.send([24, 1, 'wait', 60_000, 'key', 'x']);
      laptop.pair.cut();
      await settled();
      if (cancel !== null) await phone.send(cancel);
      else await environment.clock.advanceAsync(1_500);
      expect(signals[0]?.aborted).toBe(false);
      const back = await open('laptop', ann);
      await back.send([24, 1, 'wait', 58_000, 'key', 'x']);
      releases[0]?.('done');
      await settled();

      expect(back.take()).toEqual([[17, 1, 'done']]);
      expect(ran).toEqual(['x']);
    },
  );

  it('is waited for no longer than its own time, when its session was lost and somebody else gave up', async () => {
    const { open, signals, environment } = serve();
    const [phone, laptop] = [await open('phone', ann), await open('laptop', ann)];
    await phone.send([24, 1, 'wait', 0, 'key', 'x']);
    await laptop.send([24, 1, 'wait', 10_000, 'key', 'x']);
    laptop.pair.cut();
    await settled();
    await phone.send([19, 1]);
    await environment.clock.advanceAsync(9_000);
    expect(signals[0]?.aborted).toBe(false);
    await environment.clock.advanceAsync(1_500);

    expect(signals[0]?.aborted).toBe(true);
  });
});

describe('a handler whose callers all lost their sessions', () => {
  it.each([
    [3_000, 3_500],
    [0, 300_500],
  ])('with %d ms to go is told to stop within %d ms', async (timeoutMs, withinMs) => {
    const { open, signals, environment } = serve();
    const client = await open('client-1');
    await client.send([24, 1, 'wait', timeoutMs, 'key', 'x']);
    client.pair.cut();
    await environment.clock.advanceAsync(withinMs - 1_000);
    expect(signals[0]?.aborted).toBe(false);
    await environment.clock.advanceAsync(1_000);

    expect(signals[0]?.aborted).toBe(true);
  });

  it('is one of a bounded number', async () => {
    const { open, signals } = serve({ maxOrphansPerClient: 2 });
    const client = await open('client-1');
    for (const id of [1, 2, 3]) await client.send([24, id, 'wait', 0, `key ${id}`, 'x']);
    client.pair.cut();
    await settled();

    expect(signals.map(({ aborted }) => aborted)).toEqual([true, false, false]);
  });

  it('is told to stop when the wire closes', async () => {
    const { open, signals, wire } = serve();
    const client = await open('client-1');
    await client.send([24, 1, 'wait', 0, 'key', 'x']);
    await wire.close();

    expect(signals[0]?.aborted).toBe(true);
  });
});

describe('mutations with a key', () => {
  it('count for their connection and their procedure as others do, until the handler has stopped', async () => {
    const { open, ran, releases } = serve({}, { limits: { maxCallsInFlight: 2 } });
    const client = await open('client-1');
    const other = await open('client-2');
    await client.send([24, 1, 'limited', 0, 'key', 'x']);
    await client.send([24, 2, 'limited', 0, 'key', 'x']);
    await client.send([24, 3, 'add', 0, 'third', 7]);
    await other.send([24, 1, 'limited', 0, 'key', 'y']);
    expect(heads(other.take())).toEqual([[18, 1, 'LIMIT_EXCEEDED']]);
    expect(ran).toEqual(['x']);
    releases[0]?.('done');
    await settled();
    await other.send([24, 2, 'limited', 0, 'key', 'y']);

    expect(client.take()).toEqual([
      [17, 1, 'done'],
      [17, 2, 'done'],
      [17, 3, 2],
    ]);
    expect(ran).toEqual(['x', 7, 'y']);
  });

  it('are told to onCall once for each run', async () => {
    const events: CallEvent[] = [];
    const { open, releases } = serve({}, { onCall: (event) => events.push(event) });
    const client = await open('client-1', ann);
    await client.send([24, 1, 'wait', 0, 'key', 'x']);
    await client.send([24, 2, 'wait', 0, 'key', 'x']);
    releases[0]?.('done');
    await settled();
    await client.send([24, 3, 'wait', 0, 'key', 'x']);

    expect(events).toMatchObject([{ path: 'wait', kind: 'mutation', code: null, caller: { subject: 'ann' } }]);
    expect(events[0]?.requestId).toBe(`${events[0]?.caller.session}.1`);
  });

  it('leave no timer behind when what was kept is forgotten', async () => {
    const { open, environment } = serve();
    const client = await open('client-1');
    await client.send([24, 1, 'add', 0, 'key', 7]);
    client.pair.cut();
    await environment.clock.advanceAsync(301_000);

    expect(environment.clock.pending).toBe(0);
  });
});

it.each([
  [{ keepMs: -1 }, 'idempotency.keepMs must be a number of at least 0'],
  [{ keepSeconds: 1 }, 'there is no option idempotency.keepSeconds'],
])('refuses options that make no sense: %j', (idempotency, message) => {
  expect(() => serve(idempotency as IdempotencyLimits)).toThrow(message);
});

describe('an input that JSON cannot carry', () => {
  const bigint = { values: { id: ['bigint'] }, v: 1 };
  const map = { values: ['map'], v: 1 };

  it('is told from another by what was sent', async () => {
    const { open, ran } = serve();
    const client = await open('client-1');

    await client.send([24, 1, 'wait', 0, 'a', { id: '1' }, bigint]);
    await client.send([24, 2, 'wait', 0, 'a', { id: '2' }, bigint]);
    await client.send([24, 3, 'wait', 0, 'b', [['k', 1]], map]);
    await client.send([24, 4, 'wait', 0, 'b', [['k', 2]], map]);

    expect(ran).toEqual([{ id: 1n }, new Map([['k', 1]])]);
    expect(heads(client.take())).toEqual([
      [18, 2, 'CONFLICT'],
      [18, 4, 'CONFLICT'],
    ]);
    expect(client.closed).toBeNull();
  });
});

it.each([
  ['subject', { subject: 'ann' }],
  ['session', null],
])('does not go on for a %s that has been disconnected', async (_name, target) => {
  const { open, wire, signals } = serve();
  const client = await open('client-1', ann);
  await client.send([24, 1, 'wait', 0, 'key']);
  const [caller] = wire.callers();

  wire.disconnect(target ?? { session: caller?.session ?? '' });
  await settled();

  expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
});

it('does not go on for a subject that has been disconnected, which signed in while it ran', async () => {
  const { wire, open, signals } = serve();
  const visitor = await open('client-1');
  await visitor.send([24, 1, 'wait', 0, 'k', 1]);
  await visitor.send([5, ann]);
  expect(signals[0]?.aborted).toBe(false);
  wire.disconnect({ subject: 'ann' });
  expect(signals[0]?.aborted).toBe(true);
});

it('does not go on for the session that has taken it over, once that has been disconnected', async () => {
  const { wire, open, signals } = serve();
  const first = await open('client-1', ann);
  await first.send([24, 1, 'wait', 0, 'k', 1]);
  first.pair.cut();
  await settled();
  const second = await open('client-1', ann);
  await second.send([24, 1, 'wait', 0, 'k', 1]);
  expect(signals).toHaveLength(1);
  const [caller] = wire.callers();
  wire.disconnect({ session: caller?.session ?? '' });
  expect(signals[0]?.aborted).toBe(true);
});
