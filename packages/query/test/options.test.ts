import { QueryClient, QueryObserver } from '@tanstack/query-core';
import { typewire } from '@typewire/server';
import { afterEach, expect, it } from 'vitest';
import { z } from 'zod';
import { type ServedPage, servePage } from '../../react/test/served-page.ts';
import { mutationOptions, queryKey, queryOptions, skip, streamOptions } from '../src/index.ts';

const CALL = 16;
const CANCEL = 19;
const MUTATE = 24;
const OPEN = 20;

let asked = 0;
let aborted = 0;
const t = typewire();
const filter = z.object({
  since: z.date().optional(),
  tags: z.set(z.string()).optional(),
  above: z.bigint().optional(),
});
const router = t.router({
  posts: {
    count: t.input(filter.optional()).query(() => ++asked),
    remove: t.input(z.object({ id: z.string() })).mutation(() => {}),
    read: t.query(() => {}),
    fail: t.errors({ GONE: z.object({ since: z.date() }) }).query(({ fail }) => {
      asked++;
      throw fail('GONE', { since: new Date(0) });
    }),
    slow: t.query(({ signal }) => new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))),
    numbers: t.input(z.object({ to: z.number() })).stream(async function* ({ input, signal }) {
      signal.addEventListener('abort', () => aborted++);
      for (let number = 1; number <= input.to; number++) yield number;
      if (input.to === 0) yield await new Promise<number>(() => {});
    }),
  },
});

let page: ServedPage<(typeof router)['~tree']>;
let queries: QueryClient;

function serve() {
  asked = 0;
  aborted = 0;
  page = servePage(router);
  queries = new QueryClient();
  return page.client.api.posts;
}

afterEach(async () => {
  queries.clear();
  await page.client.close();
});

it('asks the server once for inputs of equal content, and finds what the cache holds by its key', async () => {
  const { count } = serve();
  const options = () => queryOptions(count, { tags: new Set(['a', 'b']), since: new Date(5), above: 7n });
  const [first, again] = await Promise.all([queries.fetchQuery(options()), queries.fetchQuery(options())]);
  expect([first, again]).toEqual([1, 1]);
  expect(page.sent(CALL)).toHaveLength(1);
  expect(queries.getQueryData(options().queryKey)).toBe(1);
  expect(await queries.fetchQuery(queryOptions(count, { tags: new Set(['a']), since: new Date(5), above: 7n }))).toBe(
    2,
  );
  expect(await queries.fetchQuery(queryOptions(count))).toBe(3);
});

it('makes keys by which a whole tree, a procedure or one input is invalidated', async () => {
  const { count } = serve();
  const { api } = page.client;
  const options = queryOptions(count, { since: new Date(5) });
  expect(options.queryKey).toEqual(['typewire', ['posts', 'count'], { since: { '~value': 'Date(5)' } }]);
  const isStale = async (key: readonly unknown[]): Promise<boolean> => {
    await queries.fetchQuery(options);
    await queries.invalidateQueries({ queryKey: key });
    const { isInvalidated } = queries.getQueryState(options.queryKey) ?? {};
    return isInvalidated ?? false;
  };
  expect(await isStale(queryKey(api))).toBe(true);
  expect(await isStale(queryKey(api.posts))).toBe(true);
  expect(await isStale(queryKey(count))).toBe(true);
  expect(await isStale(queryKey(count, { since: new Date(5) }))).toBe(true);
  expect(await isStale(queryKey(count, { since: new Date(6) }))).toBe(false);
  expect(await isStale(queryKey(api.posts.read))).toBe(false);
  expect(await isStale(queryKey(count, undefined, { namespace: 'another client' }))).toBe(false);
  expect(() => queryKey({})).toThrow(/no part of the api/);
});

it('leaves repeating to the client: a failure is asked for once', async () => {
  const { fail } = serve();
  await expect(queries.fetchQuery(queryOptions(fail))).rejects.toMatchObject({
    code: 'GONE',
    data: { since: new Date(0) },
  });
  expect(asked).toBe(1);
});

it('has null stand for nothing, which a cache cannot hold', async () => {
  const { read } = serve();
  expect(await queries.fetchQuery(queryOptions(read))).toBeNull();
});

it('gives a call up when nobody is interested any more', async () => {
  const { slow } = serve();
  const leave = new QueryObserver(queries, queryOptions(slow)).subscribe(() => {});
  await expect.poll(() => page.sent(CALL)).toHaveLength(1);
  leave();
  await expect.poll(() => page.sent(CANCEL)).toHaveLength(1);
});

it('asks for nothing as long as its input is skipped', async () => {
  const { count, numbers } = serve();
  const leave = [
    new QueryObserver(queries, queryOptions(count, skip)).subscribe(() => {}),
    new QueryObserver(queries, streamOptions(numbers, skip)).subscribe(() => {}),
  ];
  await queries.fetchQuery(queryOptions(count));
  expect(page.sent(CALL, OPEN)).toEqual([CALL]);
  for (const stop of leave) stop();
});

it('mutates, with a key for each call where it is asked to', async () => {
  const { remove } = serve();
  const { mutationFn, mutationKey, retry } = mutationOptions(remove, { idempotencyKey: true });
  await mutationFn({ id: '1' });
  await mutationFn({ id: '1' });
  expect(page.sent(MUTATE)).toHaveLength(2);
  expect({ mutationKey, retry }).toEqual({ mutationKey: ['typewire', ['posts', 'remove']], retry: false });
});

/** The data and states a view of a stream would be drawn from, each once. */
function watch(options: ReturnType<typeof streamOptions<{ to: number }, number>>) {
  const seen: string[] = [];
  const observer = new QueryObserver(queries, options);
  const leave = observer.subscribe(({ data, status, fetchStatus }) => {
    const now = `${status} ${fetchStatus} ${data ?? '-'}`;
    if (seen.at(-1) !== now) seen.push(now);
  });
  return { seen, leave, observer };
}

it('shows the items of a stream as they come, and is fetching until the last', async () => {
  const { numbers } = serve();
  const { seen, leave } = watch(streamOptions(numbers, { to: 2 }));
  await expect.poll(() => seen.at(-1)).toBe('success idle 1,2');
  expect(seen[0]).toBe('pending fetching -');
  expect(seen).toContain('success fetching 1,2');
  leave();
});

it.each([
  ['reset', ['pending fetching -', 'success idle 1,2']],
  ['append', ['success fetching 1,2', 'success idle 1,2,1,2']],
  ['replace', ['success fetching 1,2', 'success idle 1,2']],
] as const)('begins anew as %s says', async (refetchMode, [first, last]) => {
  const { numbers } = serve();
  const { seen, leave, observer } = watch(streamOptions(numbers, { to: 2 }, { refetchMode }));
  await expect.poll(() => seen.at(-1)).toBe('success idle 1,2');
  seen.length = 0;
  await observer.refetch();
  await expect.poll(() => seen.at(-1)).toBe(last);
  expect(seen).toContain(first);
  expect(page.sent(OPEN)).toHaveLength(2);
  leave();
});

it('keeps the latest items of a stream, and cancels it on the server when nobody is interested any more', async () => {
  const { numbers } = serve();
  const few = watch(streamOptions(numbers, { to: 5 }, { keep: 2 }));
  await expect.poll(() => few.seen.at(-1)).toBe('success idle 4,5');
  few.leave();
  const endless = watch(streamOptions(numbers, { to: 0 }));
  await expect.poll(() => page.sent(OPEN)).toHaveLength(2);
  endless.leave();
  await expect.poll(() => aborted).toBe(1);
  expect(() => streamOptions(numbers, { to: 1 }, { keep: 0 })).toThrow(/keep is a count above 0/);
});
