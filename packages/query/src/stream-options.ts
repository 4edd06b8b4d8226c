import type { DataTag, QueryFunctionContext } from '@tanstack/query-core';
import { type CallOptions, type StreamApi, type StreamOptions, UsageError } from '@typewire/client';
import { type OrSkip, skip } from '@typewire/client/store';
import type { CallError, ItemStream } from '@typewire/core';
import { type KeyOptions, queryKey, type WireKey } from './query-key.ts';
import type { WireQueryOptions } from './query-options.ts';

/** Options of one stream. */
export type WireStreamSettings = KeyOptions &
  StreamOptions &
  Pick<CallOptions, 'timeoutMs'> & {
    /**
     * What becomes of the items of before when the query is fetched again: `reset` begins with none and is `pending`, `append`
     * adds to them, `replace` shows them until the new stream has ended. @default 'reset'
     */
    readonly refetchMode?: 'reset' | 'append' | 'replace';
    /** Latest items that are kept. @default Infinity */
    readonly keep?: number;
  };

/**
 * Options for a query whose data are the items of a stream, as of TanStack's `streamedQuery`: `pending` until the first item, and
 * `fetching` until the last. The stream is cancelled on the server when TanStack Query loses interest. With `skip` in
 * place of the input the query is disabled.
 *
 * @throws {UsageError} `BAD_OPTION` for a `keep` below 1, or an input that cannot travel.
 */
export function streamOptions<Input, Item>(
  procedure: StreamApi<Input, Item>,
  ...[
    input,
    { namespace, refetchMode = 'reset', keep = Number.POSITIVE_INFINITY, ...options } = {},
  ]: undefined extends Input
    ? [input?: OrSkip<Input>, settings?: WireStreamSettings]
    : [input: OrSkip<Input>, settings?: WireStreamSettings]
): WireQueryOptions<Item[], CallError> {
  if (!(keep >= 1)) throw new UsageError('BAD_OPTION', `keep is a count above 0: ${keep}`);
  const isSkipped = input === skip;
  const { stream } = procedure as unknown as {
    stream(input: unknown, options: CallOptions & StreamOptions): ItemStream<Item>;
  };
  const key = queryKey(procedure, isSkipped ? undefined : input, namespace === undefined ? {} : { namespace });

  const read = async ({ client, queryKey, signal }: QueryFunctionContext): Promise<Item[]> => {
    const query = client.getQueryCache().find({ queryKey, exact: true });
    const isRefetch = query?.isFetched() ?? false;
    if (isRefetch && refetchMode === 'reset') query?.setState({ ...query.resetState, fetchStatus: 'fetching' });
    const isHidden = isRefetch && refetchMode === 'replace';
    let hidden: Item[] = [];
    for await (const item of stream(input, { ...options, signal })) {
      if (isHidden) hidden = added(hidden, item, keep);
      else client.setQueryData<Item[]>(queryKey, (items = []) => added(items, item, keep));
    }
    return isHidden ? hidden : (client.getQueryData<Item[]>(queryKey) ?? []);
  };
  return {
    queryKey: key as DataTag<WireKey, Item[], CallError>,
    queryFn: read,
    enabled: !isSkipped,
    retry: false,
  };
}

/** A new array: what a view was given does not change. */
function added<Item>(items: readonly Item[], item: Item, keep: number): Item[] {
  const left = items.length + 1 - keep;
  return [...(left > 0 ? items.slice(left) : items), item];
}
