import { settled } from '@typewire/testing';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type Authentication, createWire, Failure, typewire, type WireSettings } from '../src/index.ts';
import { RawClient, served } from './raw-client.ts';

interface Context {
  readonly user: string;
}
const t = typewire<Context>();
/** What the rule of `news` waits for. */
const rules: { wait: Promise<void> | null } = { wait: null };
const news = t.channel({
  event: z.string(),
  subscribe: async ({ ctx }) => {
    await rules.wait;
    return ctx.user !== 'muted';
  },
});
let release: () => void = () => {};
const router = t.router({
  news,
  who: t.query(({ ctx, caller }) => [ctx.user, caller.subject]),
  guarded: t
    .use(({ ctx, next, fail }) => {
      if (ctx.user !== 'admin') throw fail('FORBIDDEN');
      return next({});
    })
    .query(() => 'secret'),
  slow: t.query(async ({ ctx, caller }) => {
    await new Promise<void>((resolve) => {
      release = resolve;
    });
    return [ctx.user, caller.subject];
  }),
});

type Answer = Authentication<Context> | null;

/** Serves a router to a client who is `ann` for a minute; what `authenticate` answers next can be set. */
async function serve(
  options: { first?: Answer; settings?: WireSettings; answer?: (auth: unknown) => Answer | Promise<Answer> } = {},
) {
  const context = served();
  const wallNow = (): number => context.environment.wallNow();
  const asked: unknown[] = [];
  const first = options.first ?? { context: { user: 'ann' }, subject: 'ann', expiresAt: wallNow() + 60_000 };
  let answer = options.answer ?? ((): Answer => first);
  const wire = createWire({
    router,
    authenticate: async ({ auth }) => {
      asked.push(auth);
      return asked.length === 1 ? first : answer(auth);
    },
    ...context.settings,
    ...options.settings,
  });
  const client = new RawClient(wire);
  await client.send([1, 1, { control: false }, 'first']);
  const welcome = client.take()[0];
  const { token } = (welcome?.[2] ?? {}) as { token: string };
  return {
    ...context,
    wire,
    client,
    asked,
    wallNow,
    ticket: [welcome?.[1], token, 0],
    /** Lets time pass for a client that shows signs of life. */
    async advance(ms: number) {
      for (let left = ms; left > 0; left -= 5_000) {
        await context.environment.clock.advanceAsync(Math.min(left, 5_000));
        await client.send([10]);
      }
    },
    answerWith(next: (auth: unknown) => Answer | Promise<Answer>) {
      answer = next;
    },
  };
}

/** What is not about the heartbeat. */
const told = (client: RawClient): unknown[] => client.take().filter(([type]) => type !== 9);

describe('asking for fresh credentials', () => {
  it('happens 30 s before the end, and up to 6 s earlier', async () => {
    const { client, advance, wallNow } = await serve({
      first: { context: { user: 'ann' }, expiresAt: new Date(1_767_225_600_000 + 1_000 + 600_000) },
    });
    expect(wallNow()).toBe(1_767_225_600_000 + 1_000);
    await advance(563_500);
    expect(told(client)).toEqual([]);
    await advance(7_000);
    const [renew] = told(client) as [[number, number, boolean]];
    expect(renew).toEqual([4, expect.any(Number), false]);
    // Until the end of the grace.
    expect(renew[1]).toBeGreaterThan(54_000);
    expect(renew[1]).toBeLessThan(62_000);
  });

  it('waits for half of a short time', async () => {
    const { client, advance, wallNow } = await serve();
    expect(wallNow()).toBeGreaterThan(0);
    await advance(24_000);
    client.take();
    await advance(7_000);
    expect(told(client)).toHaveLength(1);
    await advance(1_000);
    expect(told(client)).toEqual([]);
  });

  it('never happens to an authentication without an end', async () => {
    const { client, advance } = await serve({ first: { context: { user: 'ann' } } });
    await advance(400_000);
    expect(told(client)).toEqual([]);
    expect(client.closed).toBeNull();
  });
});

describe('fresh credentials', () => {
  it('give what is called from then on the new context, middlewares included, and leave what runs its own', async () => {
    const { client, answerWith, asked } = await serve({ first: { context: { user: 'visitor' } } });
    await client.send([16, 1, 'slow', 0]);
    await client.send([16, 2, 'guarded', 0]);
    expect(client.take()).toMatchObject([[18, 2, 'FORBIDDEN', 'not allowed']]);
    answerWith(() => ({ context: { user: 'admin' }, subject: 'root' }));

    await client.send([5, 'fresh']);
    expect(asked).toEqual(['first', 'fresh']);
    expect(client.take()).toEqual([[6]]);
    await client.send([
      [16, 3, 'who', 0],
      [16, 4, 'guarded', 0],
    ]);
    release();
    await settled();

    const answers = client.take();
    expect(answers).toContainEqual([17, 3, ['admin', 'root']]);
    expect(answers).toContainEqual([17, 4, 'secret']);
    expect(answers).toContainEqual([17, 1, ['visitor', null]]);
  });

  it('put the end off', async () => {
    const { client, answerWith, advance, wallNow } = await serve();
    answerWith(() => ({ context: { user: 'ann' }, subject: 'ann', expiresAt: wallNow() + 3_600_000 }));
    await advance(31_000);
    await client.send([5, 'fresh']);
    await advance(120_000);
    expect(client.closed).toBeNull();
    await client.send([16, 1, 'who', 0]);
    expect(told(client).at(-1)).toEqual([17, 1, ['ann', 'ann']]);
  });

  it('end at once what the client may no longer follow, and nothing else', async () => {
    const { client, answerWith, wire } = await serve();
    await client.send([32, 1, 'news', null, 0]);
    const [[, , topic]] = client.take() as [[number, number, number]];
    await client.send([5, 'fresh']);
    expect(client.take()).toEqual([[6]]);
    await wire.publish(news(), 'still');
    await settled();
    expect(client.take()).toEqual([[35, topic, 1, expect.any(Number), 'still']]);

    answerWith(() => ({ context: { user: 'muted' }, subject: 'ann' }));
    await client.send([5, 'fresh']);
    await wire.publish(news(), 'gone');
    await settled();

    expect(client.take()).toEqual([[6], [36, topic, 'FORBIDDEN', 'not allowed to subscribe to news']]);
  });

  it('are asked for again when they end as soon, and refused when they have ended', async () => {
    const { client, answerWith, advance, wallNow } = await serve();
    await advance(31_000);
    client.take();
    await client.send([5, 'same']);
    await advance(16_000);
    expect(told(client)).toMatchObject([[6], [4, expect.any(Number), false]]);
    answerWith(() => ({ context: { user: 'ann' }, subject: 'ann', expiresAt: wallNow() - 1 }));
    await client.send([5, 'old']);
    expect(client.closed).toEqual({ code: 4501, reason: 'the authentication has expired' });
  });
});

describe('a session ends', () => {
  it('when the grace is over, and is served until then', async () => {
    const { client, advance, wire } = await serve();
    await advance(60_000);
    await advance(24_000);
    await client.send([16, 1, 'who', 0]);
    expect(told(client).at(-1)).toEqual([17, 1, ['ann', 'ann']]);
    await advance(2_000);
    expect(client.closed).toEqual({ code: 4501, reason: 'the authentication has expired and was not renewed' });
    expect(wire.sessions).toMatchObject({ count: 0, detachedCount: 0 });
  });

  it.each<[string, () => Answer, number]>([
    ['null', () => null, 4501],
    [
      'fail(FORBIDDEN)',
      () => {
        throw new Failure('FORBIDDEN', 'banned', undefined);
      },
      4503,
    ],
    ['another subject', () => ({ context: { user: 'eve' }, subject: 'eve' }), 4003],
    ['no subject any more', () => ({ context: { user: 'nobody' } }), 4003],
  ])('when authenticate gives %s, and cannot be resumed', async (_name, answer, code) => {
    const { client, answerWith, wire, ticket, errors } = await serve();
    answerWith(answer);
    await client.send([
      [5, 'fresh'],
      [16, 1, 'slow', 0],
    ]);
    expect(client.closed?.code).toBe(code);
    expect(client.take().filter(([type]) => type === 17)).toEqual([]);
    expect(errors).toEqual([]);

    answerWith(() => ({ context: { user: 'ann' }, subject: 'ann' }));
    const next = new RawClient(wire);
    await next.send([1, 1, { control: false, resume: ticket }]);
    expect(next.take()).toMatchObject([[2, expect.any(String), { outcome: 'lost' }]]);
  });
});

describe('an authenticate that fails', () => {
  it('leaves the client who it was, tells the hook, and asks again with what time is left', async () => {
    const { client, answerWith, errors, advance } = await serve();
    answerWith(() => Promise.reject(new Error('the database at hunter2 is down')));
    await advance(60_000);
    client.take();
    await client.send([5, 'fresh']);
    expect(client.take()).toEqual([[4, 25_000, true]]);
    expect(errors).toMatchObject([{ path: null, caller: { subject: 'ann' } }]);
    await client.send([16, 1, 'who', 0]);
    expect(client.take()).toEqual([[17, 1, ['ann', 'ann']]]);

    answerWith(() => ({ context: { user: 'ann' }, subject: 'ann' }));
    await client.send([5, 'fresh']);
    expect(client.take()).toEqual([[6]]);
  });

  it('says so without an end where there is none', async () => {
    const { client, answerWith } = await serve({ first: { context: { user: 'ann' } } });
    answerWith(() => Promise.reject(new Error('away')));
    await client.send([5, 'fresh']);
    expect(client.take()).toEqual([[4, Number.MAX_SAFE_INTEGER, true]]);
  });

  it('by never answering counts as failed after helloTimeoutMs, and is not heard after that', async () => {
    const { client, answerWith, errors, advance } = await serve({ first: { context: { user: 'ann' } } });
    let answer: (value: Answer) => void = () => {};
    answerWith(
      () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
    );
    await client.send([5, 'fresh']);
    await advance(11_000);
    expect(told(client)).toEqual([[4, Number.MAX_SAFE_INTEGER, true]]);
    expect(String(errors[0]?.error)).toContain('limits.helloTimeoutMs');
    answer({ context: { user: 'admin' } });
    await settled();
    await client.send([16, 1, 'who', 0]);
    expect(client.take()).toEqual([[17, 1, ['ann', null]]]);
  });

  it('with what cannot be a time is told what is wanted', async () => {
    const { client, answerWith, errors } = await serve({ first: { context: { user: 'ann' } } });
    // The exp of a JWT.
    answerWith(() => ({ context: { user: 'ann' }, expiresAt: 1_767_225_600 }));
    await client.send([5, 'a']);
    answerWith(() => ({ context: { user: 'ann' }, expiresAt: new Date('never') }));
    await client.send([5, 'b']);
    expect(errors.map(({ error }) => String(error))).toEqual([
      expect.stringContaining('milliseconds are wanted'),
      expect.stringContaining('its expiresAt is not a time'),
    ]);
    expect(client.closed).toBeNull();
  });
});

describe('a lost connection', () => {
  it('makes what was being checked void: the next hello decides', async () => {
    const { client, answerWith, wire, ticket } = await serve({ first: { context: { user: 'ann' }, subject: 'ann' } });
    let answer: (value: Answer) => void = () => {};
    answerWith(
      () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
    );
    await client.send([5, 'refused later']);
    client.pair.cut();
    await settled();
    answerWith(() => ({ context: { user: 'ann again' }, subject: 'ann' }));
    const next = new RawClient(wire);
    await next.send([1, 1, { control: false, resume: ticket }]);
    expect(next.take()).toMatchObject([[2, ticket[0], { outcome: 'resumed' }]]);

    answer(null);
    await settled();
    await next.send([16, 1, 'who', 0]);
    expect(next.take()).toEqual([[17, 1, ['ann again', 'ann']]]);
  });

  it('that the server has not noticed leaves older credentials no say over those of the next hello', async () => {
    const { client, answerWith, wire, ticket } = await serve({ first: { context: { user: 'ann' }, subject: 'ann' } });
    const answers = new Map<unknown, (value: Answer) => void>();
    answerWith(
      (auth) =>
        new Promise((resolve) => {
          answers.set(auth, resolve);
        }),
    );
    await client.send([32, 1, 'news', null, 0]);
    await client.send([5, 'older']);
    const next = new RawClient(wire);
    await next.send([1, 1, { control: false, resume: ticket }, 'newer']);
    let answerRules: () => void = () => {};
    rules.wait = new Promise((resolve) => {
      answerRules = resolve;
    });
    answers.get('newer')?.({ context: { user: 'muted' }, subject: 'ann' });
    await settled();
    // While the rules are asked for the newer one.
    answers.get('older')?.({ context: { user: 'ann' }, subject: 'ann' });
    await settled();
    answerRules();
    rules.wait = null;
    await settled();

    expect(client.closed?.code).toBe(4509);
    await next.send([16, 2, 'who', 0]);
    expect(next.take().at(-1)).toEqual([17, 2, ['muted', 'ann']]);
  });

  it('outlasts the end of an authentication: who comes back is authenticated anew', async () => {
    const { client, answerWith, wire, ticket, advance } = await serve();
    client.pair.cut();
    await advance(110_000);
    expect(wire.sessions).toMatchObject({ count: 1, detachedCount: 1 });
    answerWith(() => ({ context: { user: 'ann' }, subject: 'ann' }));
    const next = new RawClient(wire);
    await next.send([1, 1, { control: false, resume: ticket }]);
    expect(next.take()).toMatchObject([[2, ticket[0], { outcome: 'resumed' }]]);
    await advance(24_000);
    await next.send([16, 1, 'who', 0]);
    expect(told(next)).toEqual([[17, 1, ['ann', 'ann']]]);
  });

  it('lets a visitor come back signed in, but nobody take over from another', async () => {
    const { client, answerWith, wire, ticket } = await serve({ first: { context: { user: 'visitor' } } });
    client.pair.cut();
    await settled();
    answerWith(() => ({ context: { user: 'ann' }, subject: 'ann' }));
    const next = new RawClient(wire);
    await next.send([1, 1, { control: false, resume: ticket }]);
    expect(next.take()).toMatchObject([[2, ticket[0], { outcome: 'resumed' }]]);
    await next.send([16, 1, 'who', 0]);
    expect(next.take()).toEqual([[17, 1, ['ann', 'ann']]]);
  });
});

describe('a hostile client', () => {
  it('is closed for credentials before those before were answered', async () => {
    const { client, asked } = await serve();
    await client.send([
      [5, 'one'],
      [5, 'two'],
    ]);
    expect(client.closed?.code).toBe(4502);
    expect(asked).toEqual(['first', 'one']);
  });

  it('cannot make authenticate run more than five times at once and once a second', async () => {
    const { client, asked, advance } = await serve({ first: { context: { user: 'ann' } } });
    for (let round = 0; round < 5; round++) await client.send([5, round]);
    expect(asked).toHaveLength(6);
    for (let second = 0; second < 10; second++) {
      await client.send([5, 'again']);
      await advance(1_000);
    }
    expect(client.closed).toBeNull();
    expect(asked.length).toBeLessThanOrEqual(16);
    expect(asked.length).toBeGreaterThanOrEqual(15);
  });

  it('is closed with 1009 for credentials that would not have fitted into a hello', async () => {
    const { client, asked } = await serve();
    await client.send([5, 'x'.repeat(20_000)]);
    expect(client.closed?.code).toBe(1009);
    expect(asked).toHaveLength(1);
  });

  it.each([[[4, 1, false]], [[6]], [[5, { a: 1 }, { values: { b: ['Date'] }, v: 1 }]]])(
    'is closed with 4502 for %j',
    async (message) => {
      const { client, wire } = await serve();
      await client.send(message);
      expect(client.closed?.code).toBe(4502);
      expect(wire.connections).toBe(0);
    },
  );
});

it.each([{ graceMs: -1 }, { renewBeforeMs: Number.NaN }, { renewAfterMs: 1 }])(
  'refuses the options %j',
  (authentication) => {
    expect(() => createWire({ router: typewire().router({}), authentication })).toThrow('authentication.');
  },
);
