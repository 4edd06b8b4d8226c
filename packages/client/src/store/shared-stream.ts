import type { ItemStream } from '@typewire/core';
import type { StreamApi } from '../api.ts';
import { soon } from './audience.ts';
import { checkKeep } from './channel-store.ts';
import { FollowedStream } from './followed-stream.ts';
import { SharedStores } from './shared-stores.ts';
import { type Skip, skip } from './skip.ts';
import { fixedStore, type Store } from './store.ts';
import {
  emptyStreamState,
  type StoredStream,
  type StreamState,
  StreamStore,
  type StreamStoreOptions,
} from './stream-store.ts';
import { valueKey } from './value-key.ts';

export type SharedStreamOptions = Omit<StreamStoreOptions, 'schedule'>;

const streams = /* @__PURE__ */ new SharedStores<FollowedStream<unknown>>();
const stores = /* @__PURE__ */ new SharedStores<StreamStore<unknown>>();
const skipped = /* @__PURE__ */ fixedStore(/* @__PURE__ */ emptyStreamState('idle', () => {}));

/**
 * The store of a stream that all share who ask for it, however much each of them shows: one call with equal input and options.
 *
 * @throws {UsageError} `BAD_OPTION` for a `keep` that is no count above 0, or an input that cannot travel.
 */
export function sharedStream<Input, Item>(
  procedure: StreamApi<Input, Item>,
  input: Input | Skip,
  { keep = 1_000, ...options }: SharedStreamOptions = {},
): Store<StreamState<Item>> {
  if (input === skip) return skipped;
  const key = `${valueKey(options)},${valueKey(input)}`;
  const create = (): StreamStore<unknown> => {
    checkKeep(keep);
    const open = (): ItemStream<unknown> =>
      (procedure as unknown as StoredStream<unknown, unknown>).stream(input, options);
    return new StreamStore(
      streams.get(procedure, key, () => new FollowedStream(open, soon)),
      keep,
    );
  };
  const store: unknown = stores.get(procedure, `${keep},${key}`, create);
  return store as Store<StreamState<Item>>;
}
