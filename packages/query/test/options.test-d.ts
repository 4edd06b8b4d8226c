import { QueryClient } from '@tanstack/query-core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useQuery as useVueQuery } from '@tanstack/vue-query';
import type { Client } from '@typewire/client';
import { typewire } from '@typewire/server';
import { expectTypeOf, test } from 'vitest';
import { z } from 'zod';
import { mutationOptions, queryOptions, skip, streamOptions } from '../src/index.ts';

const t = typewire();
const router = t.router({
  now: t.query(() => new Date()),
  nothing: t.query(() => {}),
  post: t
    .input(z.object({ id: z.string() }))
    .errors({ GONE: z.object({ since: z.date() }) })
    .query(() => ({ title: 'one' })),
  send: t
    .input(z.object({ text: z.string() }))
    .errors({ FULL: z.object({ limit: z.number() }) })
    .mutation(() => ({ id: 'one' })),
  reset: t.mutation(() => {}),
  complete: t.input(z.object({ prompt: z.string() })).stream(async function* () {
    yield { token: 'a' };
  }),
});
declare const wire: Client<typeof router>;

test('a query has its output, its declared errors, and a key that knows them', () => {
  const options = queryOptions(wire.api.post, { id: '1' });
  const { data, error } = useQuery(options);
  expectTypeOf(data).toEqualTypeOf<{ title: string } | undefined>();
  if (error?.code === 'GONE') expectTypeOf(error.data.since).toEqualTypeOf<Date>();
  expectTypeOf(new QueryClient().getQueryData(options.queryKey)).toEqualTypeOf<{ title: string } | undefined>();
  expectTypeOf(useQuery({ ...options, select: ({ title }) => title.length }).data).toEqualTypeOf<number | undefined>();
  expectTypeOf(useQuery(queryOptions(wire.api.now)).data).toEqualTypeOf<Date | undefined>();
  expectTypeOf(useQuery(queryOptions(wire.api.nothing)).data).toEqualTypeOf<null | undefined>();
  expectTypeOf(useVueQuery(options).data.value).toEqualTypeOf<{ title: string } | undefined>();
});

test('inputs are checked, and may be skipped', () => {
  queryOptions(wire.api.post, skip);
  queryOptions(wire.api.now, undefined, { timeoutMs: 5 });
  // @ts-expect-error -- the id is missing
  queryOptions(wire.api.post);
  // @ts-expect-error -- an id is text
  queryOptions(wire.api.post, { id: 1 });
  // @ts-expect-error -- a mutation is no query
  queryOptions(wire.api.send, { text: '' });
  // @ts-expect-error -- the prompt is missing
  streamOptions(wire.api.complete, {});
  // @ts-expect-error -- one key for all calls would make them one
  mutationOptions(wire.api.send, { idempotencyKey: 'mine' });
});

test('a mutation takes its input, and has its output and errors', () => {
  const { mutate, data, error } = useMutation(mutationOptions(wire.api.send));
  expectTypeOf(mutate).parameter(0).toEqualTypeOf<{ text: string }>();
  expectTypeOf(data).toEqualTypeOf<{ id: string } | undefined>();
  if (error?.code === 'FULL') expectTypeOf(error.data.limit).toEqualTypeOf<number>();
  useMutation(mutationOptions(wire.api.reset)).mutate();
});

test('a stream is a query of its items', () => {
  const { data } = useQuery(streamOptions(wire.api.complete, { prompt: '' }));
  expectTypeOf(data).toEqualTypeOf<Array<{ token: string }> | undefined>();
});
