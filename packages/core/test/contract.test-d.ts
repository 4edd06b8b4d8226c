import { describe, expectTypeOf, test } from 'vitest';
import { z } from 'zod';
import {
  type Channel,
  contract,
  type InferErrors,
  type InferInput,
  type InferOutput,
  type Topic,
} from '../src/index.ts';

const send = contract
  .input(z.object({ text: z.string().trim(), at: z.string().transform((text) => new Date(text)) }))
  .output(z.object({ id: z.string(), count: z.string().transform(Number) }))
  .errors({ ROOM_FULL: z.object({ limit: z.string().transform(Number) }) })
  .errors({ MUTED: z.object({ until: z.date() }) })
  .mutation();
const now = contract.output(z.date()).query();
const ticks = contract.input(z.number()).output(z.bigint()).stream();
const room = contract.channel({
  params: z.object({ room: z.string(), page: z.number().optional() }),
  event: z.object({ at: z.string().transform((text) => new Date(text)) }),
});
const news = contract.channel({ event: z.string() });

describe('a procedure', () => {
  test('takes what its input schema takes', () => {
    expectTypeOf<InferInput<typeof send>>().toEqualTypeOf<{ text: string; at: string }>();
    expectTypeOf<InferInput<typeof ticks>>().toEqualTypeOf<number>();
  });

  test('without an input takes nothing', () => {
    expectTypeOf<InferInput<typeof now>>().toEqualTypeOf<undefined>();
  });

  test('gives what its output schema gives', () => {
    expectTypeOf<InferOutput<typeof send>>().toEqualTypeOf<{ id: string; count: number }>();
    expectTypeOf<InferOutput<typeof now>>().toEqualTypeOf<Date>();
    expectTypeOf<InferOutput<typeof ticks>>().toEqualTypeOf<bigint>();
  });

  test('gives unknown without an output schema', () => {
    const open = contract.query();
    expectTypeOf<InferOutput<typeof open>>().toEqualTypeOf<unknown>();
  });

  test('declares every error it was given, as its caller reads them', () => {
    expectTypeOf<InferErrors<typeof send>['ROOM_FULL']>().toEqualTypeOf<{ limit: number }>();
    expectTypeOf<InferErrors<typeof send>['MUTED']>().toEqualTypeOf<{ until: Date }>();
    expectTypeOf<keyof InferErrors<typeof send>>().toEqualTypeOf<'ROOM_FULL' | 'MUTED'>();
  });

  test('knows its kind', () => {
    expectTypeOf(send['~kind']).toEqualTypeOf<'mutation'>();
    expectTypeOf(now['~kind']).toEqualTypeOf<'query'>();
    expectTypeOf(ticks['~kind']).toEqualTypeOf<'stream'>();
  });

  test('takes no schema that is none', () => {
    // @ts-expect-error -- a schema is needed, not an example
    contract.input({ text: '' });
    // @ts-expect-error -- each error needs a schema
    contract.errors({ ROOM_FULL: 50 });
  });
});

describe('a channel', () => {
  test('takes the parameters of its topics, and gives a topic of its events', () => {
    expectTypeOf(room).parameter(0).toEqualTypeOf<{ room: string; page?: number | undefined }>();
    expectTypeOf(room({ room: 'lobby' })).toEqualTypeOf<Topic<{ at: string }>>();
    expectTypeOf<InferInput<typeof room>>().toEqualTypeOf<{ room: string; page?: number | undefined }>();
  });

  test('publishes what its schema takes and delivers what it gives', () => {
    expectTypeOf(news).toEqualTypeOf<Channel<undefined, string, string>>();
    expectTypeOf<InferOutput<typeof room>>().toEqualTypeOf<{ at: Date }>();
  });

  test('without parameters is called with none', () => {
    expectTypeOf(news()).toEqualTypeOf<Topic<string>>();
    // @ts-expect-error -- this channel is one topic
    news({ room: 'lobby' });
  });

  test('with parameters is not called without', () => {
    // @ts-expect-error -- which room?
    room();
    // @ts-expect-error -- `room` is text
    room({ room: 1 });
  });

  test('needs an event', () => {
    // @ts-expect-error -- nothing could be published
    contract.channel({ params: z.string() });
  });
});

describe('a router', () => {
  test('keeps the tree it was given', () => {
    const router = contract.router({ now, chat: { send, room } });
    expectTypeOf(router['~tree'].chat.send).toEqualTypeOf(send);
    expectTypeOf(router['~tree'].chat.room).toEqualTypeOf(room);
  });

  test('takes routers within, and nothing that is not a member', () => {
    contract.router({ chat: contract.router({ send }) });
    // @ts-expect-error -- a handler belongs to the server's builder
    contract.router({ now: () => new Date() });
    // @ts-expect-error -- an example is no member
    contract.router({ chat: { title: 'chat' } });
  });
});
