import type { ChannelExtras } from '@typewire/core';
import type { ChannelApi } from '../api.ts';
import { PresenceState } from './presence-state.ts';
import { type PresenceStore, type PresenceStoreOptions, type PresentChannel, presenceStore } from './presence-store.ts';
import { SharedStores } from './shared-stores.ts';
import { type Skip, skip } from './skip.ts';
import { fixedStore, type Store } from './store.ts';
import { valueKey } from './value-key.ts';

export type SharedPresenceOptions = Omit<PresenceStoreOptions, 'schedule'>;

const stores = /* @__PURE__ */ new SharedStores<PresenceStore<unknown>>();
const nothing = (): void => {};
const skipped = /* @__PURE__ */ fixedStore(
  /* @__PURE__ */ new PresenceState<never>(null, 'idle', null, { update: nothing, leave: nothing, restart: nothing }),
);

/**
 * The store of who is present on a topic that all share who ask for it. This client is present until the last of them
 * has gone.
 *
 * @throws {UsageError} `BAD_OPTION` for parameters that cannot travel.
 */
export function sharedPresence<Params, EventInput, Event, Extras extends ChannelExtras>(
  channel: ChannelApi<Params, EventInput, Event, Extras>,
  params: Params | Skip,
  { show = 'all', rewind = 100 }: SharedPresenceOptions = {},
): Store<PresenceState<Extras['presence'], Extras['presenceInput']>> {
  if (params === skip) return skipped as unknown as Store<PresenceState<Extras['presence'], Extras['presenceInput']>>;
  const present = channel as unknown as PresentChannel<unknown, unknown, unknown>;
  const create = (): PresenceStore<unknown> => presenceStore(present, params, { show, rewind });
  const store: unknown = stores.get(channel, `${show},${valueKey(params)}`, create);
  return store as Store<PresenceState<Extras['presence'], Extras['presenceInput']>>;
}
