import type { ChannelApi } from '@typewire/client';
import {
  type OrSkip,
  type PresenceState,
  type SharedPresenceOptions,
  type Skip,
  sharedPresence,
} from '@typewire/client/store';
import type { ChannelExtras } from '@typewire/core';
import { useStore } from './use-store.ts';

/**
 * Shows who is present on a topic while the component is mounted, and lets this client be present:
 * `const { members, update } = usePresence(wire.api.chat.room, { room })`.
 *
 * Components with equal `params` share what they see, and `useSubscription` of the same topic its subscription. This client is
 * present from `update` until `leave`, or until none of them is mounted any more. Call `update` in an effect or a handler.
 * With `skip` in place of `params` nobody is looked at, and the status is `idle`. Renders nobody on a server.
 *
 * @throws {UsageError} `BAD_OPTION` for parameters that are not plain JSON.
 */
export function usePresence<Params, EventInput, Event, Extras extends ChannelExtras>(
  channel: ChannelApi<Params, EventInput, Event, Extras>,
  ...[params, options]: undefined extends Params
    ? [params?: OrSkip<Params>, options?: SharedPresenceOptions]
    : [params: OrSkip<Params>, options?: SharedPresenceOptions]
): PresenceState<Extras['presence'], Extras['presenceInput']> {
  return useStore(sharedPresence(channel, params as Params | Skip, options));
}
