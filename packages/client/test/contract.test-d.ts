import { contract } from '@typewire/core';
import { implement } from '@typewire/server';
import { expectTypeOf, test } from 'vitest';
import { z } from 'zod';
import { type Client, createClient, safe } from '../src/index.ts';

const chat = contract.router({
  send: contract
    .input(z.object({ at: z.string().transform((text) => new Date(text)) }))
    .output(z.object({ id: z.number().transform(String) }))
    .errors({ ROOM_FULL: z.object({ limit: z.number() }) })
    .mutation(),
  news: contract.channel({ event: z.string() }),
  rooms: contract.router({ count: contract.input(z.number()).output(z.bigint()).stream() }),
});

test('the contract at run time types the client by itself', async () => {
  const client = createClient({ contract: chat, url: '/wire' });
  expectTypeOf(client).toEqualTypeOf<Client<typeof chat>>();
  expectTypeOf(client.api.send.mutate).parameter(0).toEqualTypeOf<{ at: string }>();
  expectTypeOf(client.api.send.mutate).returns.resolves.toEqualTypeOf<{ id: string }>();
  expectTypeOf(client.api.rooms.count.stream(1).next()).resolves.toEqualTypeOf<IteratorResult<bigint, undefined>>();
  client.api.news.subscribe().on('event', (event) => expectTypeOf(event).toEqualTypeOf<string>());
  const result = await safe(client.api.send.mutate({ at: '' }));
  if (!result.ok && result.error.code === 'ROOM_FULL')
    expectTypeOf(result.error.data).toEqualTypeOf<{ limit: number }>();
  // @ts-expect-error -- not in the contract
  void client.api.remove.mutate();
});

test('an implementation types clients like its contract', () => {
  const api = implement(chat, {
    send: () => ({ id: 1 }),
    news: {},
    rooms: {
      async *count() {
        yield 1n;
      },
    },
  });
  expectTypeOf<Client<typeof api>['api']['send']>().toEqualTypeOf<Client<typeof chat>['api']['send']>();
});

test('what is no contract does not compile', () => {
  // @ts-expect-error -- a tree, not a router
  createClient({ contract: { send: contract.mutation() }, url: '/wire' });
  // @ts-expect-error -- an address is needed all the same
  createClient({ contract: chat });
});
