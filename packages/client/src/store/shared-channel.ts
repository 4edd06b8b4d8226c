import type { ChannelExtras } from '@typewire/core';
import type { DeclaredErrors } from '@typewire/core/internal';
import type { ChannelApi } from '../api.ts';
import type { SubscribeOptions } from '../subscription.ts';
import { soon } from './audience.ts';
import {
  type ChannelState,
  ChannelStore,
  checkKeep,
  type EmptyChannelState,
  emptyChannelState,
  type StoredChannel,
} from './channel-store.ts';
import { FollowedChannel, type ViewedSubscription } from './followed-channel.ts';
import { SharedStores } from './shared-stores.ts';
import { type Skip, skip } from './skip.ts';
import { fixedStore, type Store } from './store.ts';
import { valueKey } from './value-key.ts';

export interface SharedChannelOptions {
  /** Latest events that are shown; each component may show as many as it likes. @default 100 */
  readonly keep?: number;
  /**
   * Past events wanted at first, and again after a gap, as far as the channel's history goes. Of the components that
   * follow one topic those that come first decide. @default the larger of `keep` and 100
   */
  readonly rewind?: number;
}

const topics = /* @__PURE__ */ new SharedStores<FollowedChannel<unknown, unknown>>();
const stores = /* @__PURE__ */ new SharedStores<ChannelStore<unknown, unknown, DeclaredErrors>>();
const skipped = /* @__PURE__ */ fixedStore<EmptyChannelState>(/* @__PURE__ */ emptyChannelState('idle', () => {}));

/**
 * The store of a topic that all share who ask for it, however much each of them shows. Parameters of equal content name one topic.
 *
 * @throws {UsageError} `BAD_OPTION` for a `keep` that is no count above 0, or parameters that cannot travel.
 */
export function sharedChannel<Params, EventInput, Event, Extras extends ChannelExtras>(
  channel: ChannelApi<Params, EventInput, Event, Extras>,
  params: Params | Skip,
  { keep = 100, rewind = Math.max(keep, 100) }: SharedChannelOptions = {},
): Store<ChannelState<Event, Extras['snapshot'], Extras['errors']>> {
  if (params === skip) return skipped;
  const key = valueKey(params);
  const create = (): ChannelStore<unknown, unknown, DeclaredErrors> => {
    checkKeep(keep);
    const open = (options: SubscribeOptions): ViewedSubscription<unknown, unknown> =>
      (channel as unknown as StoredChannel<unknown, unknown, unknown>).subscribe(params, options);
    return new ChannelStore(
      topics.get(channel, key, () => new FollowedChannel(open, soon)),
      keep,
      rewind,
    );
  };
  const store: unknown = stores.get(channel, `${keep},${rewind},${key}`, create);
  return store as Store<ChannelState<Event, Extras['snapshot'], Extras['errors']>>;
}
