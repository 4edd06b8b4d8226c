import { contract, type Topic } from '@typewire/core';
import { describe, expectTypeOf, test } from 'vitest';
import { z } from 'zod';
import { createWire, type Fail, implement, typewire } from '../src/index.ts';

interface Context {
  readonly user: { readonly id: string } | null;
}
const t = typewire<Context>();
const member = t.use(({ ctx, next, fail }) => {
  if (ctx.user === null) throw fail('UNAUTHORIZED');
  return next({ user: ctx.user });
});

const room = contract.channel({
  params: z.object({ room: z.string().transform(Number) }),
  event: z.object({ text: z.string().transform((text) => text.length) }),
});
const send = contract
  .input(z.object({ at: z.string().transform((text) => new Date(text)) }))
  .output(z.object({ id: z.number().transform(String) }))
  .errors({ ROOM_FULL: z.object({ limit: z.string().transform(Number) }) })
  .mutation();
const ticks = contract.input(z.number()).output(z.string()).stream();
const chat = contract.router({ send, room, feeds: { ticks }, now: contract.query() });
const bare = contract.router({ send, ticks });

test('a channel that declares a snapshot demands its handler, which returns what the schema takes', () => {
  const counter = contract.channel({ event: z.number(), snapshot: z.object({ total: z.string().transform(Number) }) });
  const counting = contract.router({ counter });
  t.implement(counting, {
    counter: { subscribe: () => true, snapshot: ({ ctx }) => ({ total: ctx.user?.id ?? '0' }) },
  });
  // @ts-expect-error -- the handler is missing
  t.implement(counting, { counter: { subscribe: () => true } });
  // @ts-expect-error -- the schema takes text
  t.implement(counting, { counter: { snapshot: () => ({ total: 1 }) } });
  // @ts-expect-error -- nothing is declared
  t.implement(contract.router({ room }), { room: { snapshot: () => 1 } });
});

describe('a handler', () => {
  test('gets the parsed input, the context and typed failures, and gives what the output schema takes', () => {
    t.implement(chat, {
      send: ({ input, ctx, fail, publish, signal, caller, requestId }) => {
        expectTypeOf(input).toEqualTypeOf<{ at: Date }>();
        expectTypeOf(ctx).toEqualTypeOf<Context>();
        expectTypeOf(fail).toEqualTypeOf<Fail<{ ROOM_FULL: { limit: string } }>>();
        expectTypeOf(signal).toEqualTypeOf<AbortSignal>();
        expectTypeOf(caller.subject).toEqualTypeOf<string | null>();
        expectTypeOf(requestId).toEqualTypeOf<string>();
        expectTypeOf(room({ room: '1' })).toEqualTypeOf<Topic<{ text: string }>>();
        void publish(room({ room: '1' }), { text: 'hi' });
        // @ts-expect-error -- not an event of the channel
        void publish(room({ room: '1' }), { text: 1 });
        if (input.at.getTime() === 0) throw fail('ROOM_FULL', { limit: '1' });
        // @ts-expect-error -- not declared, and not a general code
        fail('ROOM_EMPTY');
        return { id: 1 };
      },
      room: {
        subscribe: ({ ctx, params }) => {
          expectTypeOf(params).toEqualTypeOf<{ room: number }>();
          return ctx.user !== null;
        },
        publish: ({ event }) => {
          expectTypeOf(event).toEqualTypeOf<{ text: number }>();
          return true;
        },
      },
      feeds: {
        async *ticks({ input }) {
          expectTypeOf(input).toEqualTypeOf<number>();
          yield 'tick';
        },
      },
      now: async () => new Date(),
    });
  });

  test('behind middlewares gets the context they narrowed', () => {
    t.implement(bare, {
      send: member.handler(({ input, ctx, fail }) => {
        expectTypeOf(input).toEqualTypeOf<{ at: Date }>();
        expectTypeOf(ctx.user).toEqualTypeOf<{ readonly id: string }>();
        if (ctx.user.id === '') throw fail('ROOM_FULL', { limit: '1' });
        return { id: 1 };
      }),
      ticks: member.handler(async function* ({ input }) {
        yield input.toFixed();
      }),
    });
  });

  test('needs no builder when it needs no context', () => {
    const router = implement(contract.router({ send }), { send: async () => ({ id: 1 }) });
    createWire({ router });
  });
});

describe('does not compile', () => {
  const ticksHandler = async function* () {
    yield 'tick';
  };

  test('while a member is missing', () => {
    // @ts-expect-error -- `ticks` has no handler
    implement(bare, { send: () => ({ id: 1 }) });
    // @ts-expect-error -- `room` has no rules
    t.implement(chat, { send: () => ({ id: 1 }), feeds: { ticks: ticksHandler }, now: () => 1 });
    // @ts-expect-error -- `feeds.ticks` has no handler
    t.implement(chat, { send: () => ({ id: 1 }), feeds: {}, room: {}, now: () => 1 });
  });

  test('with a member too many', () => {
    // @ts-expect-error -- the contract knows no `remove`
    implement(bare, { send: () => ({ id: 1 }), ticks: ticksHandler, remove: () => 1 });
  });

  test('with a wrong input or output', () => {
    // @ts-expect-error -- the output has a number
    implement(bare, { send: () => ({ id: 'one' }), ticks: ticksHandler });
    // @ts-expect-error -- the input has a date
    implement(bare, { send: ({ input }: { input: { at: string } }) => ({ id: input.at.length }), ticks: ticksHandler });
    // @ts-expect-error -- a stream is an async iterable
    implement(bare, { send: () => ({ id: 1 }), ticks: () => 'tick' });
    // @ts-expect-error -- nor behind middlewares
    t.implement(bare, { send: member.handler(() => ({ id: 'one' })), ticks: ticksHandler });
  });

  test('with a rule that gives no answer', () => {
    // @ts-expect-error -- yes or no?
    implement(contract.router({ room }), { room: { subscribe: () => 'yes' } });
  });
});

test('a part of a contract may be implemented by itself', () => {
  const feeds = contract.router({ ticks });
  const whole = contract.router({ send, feeds });
  const parts = t.implement(feeds, {
    ticks: member.handler(async function* () {
      yield 'tick';
    }),
  });
  const router = t.implement(whole, { send: () => ({ id: 1 }), feeds: parts });
  createWire({ router, authenticate: () => ({ context: { user: null } }) });
  // @ts-expect-error -- handlers need a user or null
  createWire({ router });
  const other = t.implement(contract.router({ send }), { send: () => ({ id: 1 }) });
  // @ts-expect-error -- this is another part
  t.implement(whole, { send: () => ({ id: 1 }), feeds: other });
});
