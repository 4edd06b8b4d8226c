import type { Position } from '@typewire/core';
import { expectTypeOf, test } from 'vitest';
import { z } from 'zod';
import { type CallEvent, createWire, typewire } from '../src/index.ts';

interface Context {
  readonly user: string;
}
const t = typewire<Context>();
const router = t.router({ who: t.query(({ ctx }) => ctx.user) });
const room = t.channel({ params: z.object({ id: z.number() }), event: z.object({ at: z.date() }) });

test('authenticate must supply the context of the router', () => {
  createWire({ router, authenticate: () => ({ context: { user: 'ann' } }) });
  // @ts-expect-error -- handlers need a user
  createWire({ router });
  // @ts-expect-error -- this is no user
  createWire({ router, authenticate: () => ({ context: { user: 7 } }) });
  createWire({ router: typewire().router({}) });
});

test('what is published is typed by its channel', () => {
  const wire = createWire({ router, authenticate: () => null });
  expectTypeOf(wire.publish(room({ id: 1 }), { at: new Date() })).resolves.toEqualTypeOf<Position>();
  // @ts-expect-error -- not an event of the channel
  void wire.publish(room({ id: 1 }), { at: 'now' });
  // @ts-expect-error -- parameters are typed too
  void wire.publish(room({ id: 'one' }), { at: new Date() });
});

test('handlers are given what was declared', () => {
  t.input(z.string().transform(Number)).query(({ input, ctx, signal, requestId, caller }) => {
    expectTypeOf(input).toEqualTypeOf<number>();
    expectTypeOf(ctx).toEqualTypeOf<Context>();
    expectTypeOf(signal).toEqualTypeOf<AbortSignal>();
    expectTypeOf(requestId).toEqualTypeOf<string>();
    expectTypeOf(caller.subject).toEqualTypeOf<string | null>();
  });
});

test('limits keep what was declared before', () => {
  t.input(z.number())
    .limits({ maxInFlight: 4, timeoutMs: 1_000 })
    .query(({ input }) => expectTypeOf(input).toEqualTypeOf<number>());
  // @ts-expect-error -- a limit of another name would limit nothing
  t.limits({ maxConcurrency: 4 });
});

test('the hook for calls knows what it is told', () => {
  createWire({
    router: typewire().router({}),
    validate: { output: false },
    onCall: (event) => {
      expectTypeOf(event).toEqualTypeOf<CallEvent>();
      expectTypeOf(event.code).toEqualTypeOf<string | null>();
    },
  });
  // @ts-expect-error -- inputs are always checked
  createWire({ router: typewire().router({}), validate: { input: false } });
});
