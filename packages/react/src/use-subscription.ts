import type { ChannelApi } from '@typewire/client';
import {
  type ChannelState,
  type OrSkip,
  type SharedChannelOptions,
  type Skip,
  sharedChannel,
} from '@typewire/client/store';
import type { ChannelExtras } from '@typewire/core';
import { useStore } from './use-store.ts';

/**
 * Follows a channel while the component is mounted: `useSubscription(wire.api.chat.room, { room })`.
 *
 * Components with equal `params` share one subscription, and an inline object with the same content does not resubscribe.
 * With `skip` in place of `params` nothing is followed, and the status is `idle`. Renders `status: 'connecting'` on a
 * server. A subscription that was refused or has ended stays so, with its `error`, until `restart()`, or until no component follows the
 * topic.
 *
 * @throws {UsageError} `BAD_OPTION` for a `keep` that is no count above 0, or parameters that are not plain JSON.
 */
export function useSubscription<Params, EventInput, Event, Extras extends ChannelExtras>(
  channel: ChannelApi<Params, EventInput, Event, Extras>,
  ...[params, options]: undefined extends Params
    ? [params?: OrSkip<Params>, options?: SharedChannelOptions]
    : [params: OrSkip<Params>, options?: SharedChannelOptions]
): ChannelState<Event, Extras['snapshot'], Extras['errors']> {
  return useStore(sharedChannel(channel, params as Params | Skip, options));
}
