import type { DataTag, QueryFunctionContext } from '@tanstack/query-core';
import type { CallOptions, QueryApi } from '@typewire/client';
import { type OrSkip, skip } from '@typewire/client/store';
import type { CallFailure } from '@typewire/core';
import { type KeyOptions, queryKey, type WireKey } from './query-key.ts';

/** What a cache holds of an output: TanStack Query has no `undefined`, so `null` stands for it. */
// biome-ignore lint/suspicious/noConfusingVoidType: handlers that return nothing give it
export type QueryData<Output> = [Output] extends [void]
  ? null
  : undefined extends Output
    ? Exclude<Output, undefined> | null
    : Output;

/** Options of `useQuery`, `fetchQuery`, `prefetchQuery` and the like; spread them to add your own. */
export interface WireQueryOptions<Data, Failure> {
  /** Bears the types of what the cache holds, for `getQueryData` and `setQueryData`. */
  readonly queryKey: DataTag<WireKey, Data, Failure>;
  readonly queryFn: (context: QueryFunctionContext) => Promise<Data>;
  /** `false` where the input is `skip`. */
  readonly enabled: boolean;
  /** `false`: Typewire repeats by itself what is safe to repeat. */
  readonly retry: false;
  /** Never given: it tells the compiler how a query fails. */
  readonly retryDelay?: (count: number, error: Failure) => number;
}

/** Options of one query. */
export type WireQuerySettings = KeyOptions & Pick<CallOptions, 'timeoutMs'>;

/**
 * Options for a query: `useQuery(queryOptions(wire.api.now))`. The call is given up when TanStack Query loses interest, and its
 * failure is typed with the declared errors. With `skip` in place of the input the query is disabled.
 *
 * @throws {UsageError} `BAD_OPTION` for an input that cannot travel.
 */
export function queryOptions<Input, Output, Errors extends Record<string, unknown>>(
  procedure: QueryApi<Input, Output, Errors>,
  ...[input, { timeoutMs, namespace } = {}]: undefined extends Input
    ? [input?: OrSkip<Input>, settings?: WireQuerySettings]
    : [input: OrSkip<Input>, settings?: WireQuerySettings]
): WireQueryOptions<QueryData<Output>, CallFailure<Errors>> {
  const isSkipped = input === skip;
  const { query } = procedure as unknown as { query(input: unknown, options: CallOptions): Promise<unknown> };
  const key = queryKey(procedure, isSkipped ? undefined : input, namespace === undefined ? {} : { namespace });
  return {
    queryKey: key as DataTag<WireKey, QueryData<Output>, CallFailure<Errors>>,
    queryFn: async ({ signal }) => {
      const output = await query(input, { signal, ...(timeoutMs !== undefined && { timeoutMs }) });
      return (output ?? null) as QueryData<Output>;
    },
    enabled: !isSkipped,
    retry: false,
  };
}
