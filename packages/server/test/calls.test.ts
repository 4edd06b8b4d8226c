import { settled } from '@typewire/testing';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { createWire, typewire } from '../src/index.ts';
import { openClient, served } from './raw-client.ts';

const t = typewire();

it('answers a query with what its handler returned', async () => {
  const { settings } = served();
  const wire = createWire({ router: t.router({ now: t.query(() => new Date(5)) }), ...settings });
  const client = await openClient(wire);

  await client.send([16, 1, 'now', 0]);

  const [answer] = client.take();
  expect(answer?.slice(0, 2)).toEqual([17, 1]);
  expect(client.value(answer, 2)).toEqual(new Date(5));
});

it('answers the calls of one message in one message', async () => {
  const { settings } = served();
  const wire = createWire({ router: t.router({ one: t.query(() => 1), two: t.query(() => 2) }), ...settings });
  const client = await openClient(wire);

  await client.send([
    [16, 1, 'one', 0],
    [16, 2, 'two', 0],
  ]);

  expect(client.pair.right.sent.at(-1)).toBe('[[17,1,1],[17,2,2]]');
});

it('hands handlers the output of the input schema', async () => {
  const { settings } = served();
  const trim = t.input(z.object({ text: z.string().trim() })).query(({ input }) => input.text);
  const client = await openClient(createWire({ router: t.router({ trim }), ...settings }));

  await client.send([16, 1, 'trim', 0, { text: '  hi ' }]);

  expect(client.take()).toEqual([[17, 1, 'hi']]);
});

it('refuses an invalid input with its issues and their paths, without running the handler', async () => {
  const { settings, errors } = served();
  let runs = 0;
  const send = t.input(z.object({ to: z.object({ name: z.string() }) })).mutation(() => void runs++);
  const client = await openClient(createWire({ router: t.router({ send }), ...settings }));

  await client.send([24, 1, 'send', 0, null, { to: { name: 7 } }]);

  const [answer] = client.take();
  expect(answer?.slice(0, 3)).toEqual([18, 1, 'INVALID_INPUT']);
  expect(answer?.[4]).toMatchObject([{ path: ['to', 'name'] }]);
  expect(runs).toBe(0);
  expect(errors).toEqual([]);
});

it('refuses an input where none is taken', async () => {
  const { settings } = served();
  const client = await openClient(createWire({ router: t.router({ now: t.query(() => 1) }), ...settings }));
  await client.send([16, 1, 'now', 0, 'surprise']);
  expect(client.take()[0]?.slice(0, 3)).toEqual([18, 1, 'INVALID_INPUT']);
});

it('runs nothing for a call of another kind, and says what stands there', async () => {
  const { settings } = served();
  const ran: string[] = [];
  const router = t.router({
    ask: t.query(() => void ran.push('ask')),
    act: t.mutation(() => void ran.push('act')),
    // biome-ignore lint/correctness/useYield: what matters is that it never starts
    many: t.stream(async function* () {
      ran.push('many');
    }),
    news: t.channel({ event: z.string(), subscribe: () => true }),
  });
  const client = await openClient(createWire({ router, ...settings }));

  await client.send([16, 1, 'act', 0]);
  await client.send([16, 2, 'many', 0]);
  await client.send([16, 3, 'news', 0]);
  await client.send([24, 4, 'ask', 0, null]);
  await client.send([20, 5, 'act', 0, 8, null]);
  await client.send([32, 6, 'ask', null, 0]);
  await client.send([16, 7, 'nothing', 0]);

  expect(client.take()).toEqual([
    [18, 1, 'NOT_FOUND', '"act" is a mutation, not a query'],
    [18, 2, 'NOT_FOUND', '"many" is a stream, not a query'],
    [18, 3, 'NOT_FOUND', '"news" is a channel, not a query'],
    [18, 4, 'NOT_FOUND', '"ask" is a query, not a mutation'],
    [18, 5, 'NOT_FOUND', '"act" is a mutation, not a stream'],
    [18, 6, 'NOT_FOUND', '"ask" is a query, not a channel'],
    [18, 7, 'NOT_FOUND', 'there is no query at "nothing"'],
  ]);
  expect(ran).toEqual([]);
});

it.each([
  'nothing',
  '',
  'chat',
  'chat.nothing',
  '__proto__',
  'constructor',
  'toString',
  'chat.__proto__',
  'chat.send.constructor',
  'hasOwnProperty',
])('answers NOT_FOUND for the path %j', async (path) => {
  const { settings } = served();
  const router = t.router({ chat: { send: t.mutation(() => 1) } });
  const client = await openClient(createWire({ router, ...settings }));

  await client.send([16, 1, path, 0]);
  await client.send([20, 2, path, 0, 8, null]);
  await client.send([32, 3, path, null, 0]);
  await client.send([38, 4, path, null, null, 'event']);

  expect(client.take().map((message) => message.slice(0, 3))).toEqual([
    [18, 1, 'NOT_FOUND'],
    [18, 2, 'NOT_FOUND'],
    [18, 3, 'NOT_FOUND'],
    [18, 4, 'NOT_FOUND'],
  ]);
  expect(client.closed).toBeNull();
});

it('does not run a stream as a call, nor a query as a stream', async () => {
  const { settings } = served();
  const router = t.router({ one: t.query(() => 1), many: t.stream(async function* () {}) });
  const client = await openClient(createWire({ router, ...settings }));

  await client.send([16, 1, 'many', 0]);
  await client.send([20, 2, 'one', 0, 8, null]);

  expect(client.take().map((message) => message[2])).toEqual(['NOT_FOUND', 'NOT_FOUND']);
});

it.each([
  ['an error', new Error('password is hunter2')],
  ['a falsy value', 0],
  ['undefined', undefined],
  ['a thing with a code', Object.assign(new Error('hunter2'), { code: 'ROOM_FULL', data: 'hunter2' })],
])('turns %s that a handler throws into INTERNAL, and tells the hook the cause', async (_name, thrown) => {
  const { settings, errors } = served();
  const router = t.router({
    now: t.query(() => {
      throw thrown;
    }),
    later: t.query(async () => {
      throw thrown;
    }),
  });
  const client = await openClient(createWire({ router, ...settings }));

  await client.send([16, 1, 'now', 0]);
  await client.send([16, 2, 'later', 0]);

  const answers = client.take();
  expect(answers.map((answer) => answer.slice(0, 3))).toEqual([
    [18, 1, 'INTERNAL'],
    [18, 2, 'INTERNAL'],
  ]);
  expect(errors.map(({ error, path }) => [error, path])).toEqual([
    [thrown, 'now'],
    [thrown, 'later'],
  ]);
  expect(answers.map((answer) => answer[4])).toEqual(errors.map(({ id }) => ({ id })));
  expect(client.pair.right.sent.join()).not.toContain('hunter2');
});

it('survives an error hook that throws', async () => {
  const { settings } = served();
  const router = t.router({
    bad: t.query(() => {
      throw new Error('first');
    }),
    good: t.query(() => 1),
  });
  const onError = (): never => {
    throw new Error('the hook is broken');
  };
  const client = await openClient(createWire({ router, ...settings, onError }));

  await client.send([16, 1, 'bad', 0]);
  await client.send([16, 2, 'good', 0]);

  expect(client.take().map((message) => message.slice(0, 2))).toEqual([
    [18, 1],
    [17, 2],
  ]);
});

it('sends a declared failure with its data', async () => {
  const { settings, errors } = served();
  const send = t.errors({ ROOM_FULL: z.object({ limit: z.number() }) }).mutation(({ fail }) => {
    throw fail('ROOM_FULL', { limit: 50 });
  });
  const client = await openClient(createWire({ router: t.router({ send }), ...settings }));

  await client.send([24, 1, 'send', 0, null]);

  expect(client.take()).toEqual([[18, 1, 'ROOM_FULL', 'ROOM_FULL', { limit: 50 }]]);
  expect(errors).toEqual([]);
});

it('turns a declared failure whose data breaks its schema into INTERNAL', async () => {
  const { settings, errors } = served();
  const send = t.errors({ ROOM_FULL: z.object({ limit: z.number() }) }).mutation(({ fail }) => {
    throw fail('ROOM_FULL', { limit: 'fifty' as unknown as number });
  });
  const client = await openClient(createWire({ router: t.router({ send }), ...settings }));

  await client.send([24, 1, 'send', 0, null]);

  expect(client.take()[0]?.[2]).toBe('INTERNAL');
  expect(String(errors[0]?.error)).toContain('ROOM_FULL');
});

it('turns an output that breaks its schema into INTERNAL', async () => {
  const { settings, errors } = served();
  const age = t.output(z.number()).query(() => 'old' as unknown as number);
  const client = await openClient(createWire({ router: t.router({ age }), ...settings }));

  await client.send([16, 1, 'age', 0]);

  expect(client.take()[0]?.[2]).toBe('INTERNAL');
  expect(String(errors[0]?.error)).toContain('output schema');
});

it('turns an output that cannot travel into INTERNAL and names the cause to the hook', async () => {
  const { settings, errors } = served();
  const client = await openClient(
    createWire({ router: t.router({ bad: t.query(() => ({ run: () => 1 })) }), ...settings }),
  );

  await client.send([16, 1, 'bad', 0]);

  expect(client.take()[0]?.[2]).toBe('INTERNAL');
  expect(String(errors[0]?.error)).toContain('a function');
});

it('runs middlewares from the outside in and adds to the context', async () => {
  const { settings } = served();
  const log: string[] = [];
  const outer = t.use(async ({ next }) => {
    log.push('outer before');
    const outcome = await next({ user: 'ann' });
    log.push('outer after');
    return outcome;
  });
  const inner = outer.use(({ ctx, next }) => {
    log.push(`inner sees ${ctx.user}`);
    return next({ role: 'admin' });
  });
  const who = inner.query(({ ctx }) => `${ctx.user} ${ctx.role}`);
  const client = await openClient(createWire({ router: t.router({ who }), ...settings }));

  await client.send([16, 1, 'who', 0]);

  expect(client.take()).toEqual([[17, 1, 'ann admin']]);
  expect(log).toEqual(['outer before', 'inner sees ann', 'outer after']);
});

it('lets a middleware refuse', async () => {
  const { settings } = served();
  let runs = 0;
  const member = t.use(({ fail }) => {
    throw fail('UNAUTHORIZED', 'members only');
  });
  const client = await openClient(createWire({ router: t.router({ who: member.query(() => runs++) }), ...settings }));

  await client.send([16, 1, 'who', 0]);

  expect(client.take()).toEqual([[18, 1, 'UNAUTHORIZED', 'members only']]);
  expect(runs).toBe(0);
});

it('tells the hook about a middleware that forgot to call next', async () => {
  const { settings, errors } = served();
  const broken = t.use((() => ({})) as never);
  const client = await openClient(createWire({ router: t.router({ who: broken.query(() => 1) }), ...settings }));

  await client.send([16, 1, 'who', 0]);

  expect(client.take()[0]?.[2]).toBe('INTERNAL');
  expect(String(errors[0]?.error)).toContain('next()');
});

it('closes with 4502 on a repeated call id, and runs the call once', async () => {
  const { settings } = served();
  let runs = 0;
  const client = await openClient(createWire({ router: t.router({ add: t.mutation(() => ++runs) }), ...settings }));

  await client.send([24, 5, 'add', 0, null]);
  await client.send([24, 5, 'add', 0, null]);

  expect(runs).toBe(1);
  expect(client.closed?.code).toBe(4502);
});

it('names the request by session and call', async () => {
  const { settings } = served();
  const id = t.query(({ requestId, caller }) => [requestId, caller.session]);
  const client = await openClient(createWire({ router: t.router({ id }), ...settings }));

  await client.send([16, 3, 'id', 0]);

  const [answer] = client.take();
  const [requestId, session] = (answer?.[2] ?? []) as string[];
  expect(requestId).toBe(`${session}.3`);
});

it('begins no more than maxCallsInFlight and goes on when a call is over', async () => {
  const { settings } = served();
  const waiting: Array<(value: number) => void> = [];
  const wait = t.query(() => new Promise<number>((resolve) => waiting.push(resolve)));
  const wire = createWire({ router: t.router({ wait }), ...settings, limits: { maxCallsInFlight: 2 } });
  const client = await openClient(wire);

  for (let id = 1; id <= 4; id++) await client.send([16, id, 'wait', 0]);
  expect(waiting).toHaveLength(2);

  waiting[0]?.(1);
  await settled();
  expect(waiting).toHaveLength(3);
  for (const resolve of waiting.splice(0)) resolve(1);
  await settled();
  for (const resolve of waiting.splice(0)) resolve(1);
  await settled();
  expect(client.take()).toHaveLength(4);
});
