import type { ChannelApi } from '@typewire/client';
import {
  type ChannelState,
  type OrSkip,
  type SharedChannelOptions,
  type Skip,
  sharedChannel,
} from '@typewire/client/store';
import type { ChannelExtras } from '@typewire/core';
import { type MaybeRefOrGetter, toValue } from 'vue';
import { readArgument } from './argument.ts';
import { type Refs, refsOf } from './refs.ts';
import { useStore } from './use-store.ts';

/** The parts of a `ChannelState`, each a ref, and what follows anew. */
export type UsedSubscription<Event, Extras extends ChannelExtras> = Refs<
  Omit<ChannelState<Event, Extras['snapshot'], Extras['errors']>, 'restart'>
> &
  Pick<ChannelState<Event>, 'restart'>;

/**
 * Follows a channel while the component is mounted and active, or until the effect scope is disposed:
 * `useSubscription(wire.api.chat.room, () => ({ room: props.room }))`.
 *
 * Components with equal `params` share one subscription. Parameters and options may be values, refs or getters; the topic
 * changes with their content. With `skip` in place of `params` nothing is followed, and the status is `idle`. On a server the
 * status is `connecting`. A subscription that was refused or has ended stays so, with its `error`, until `restart()`, or
 * until no component follows the topic.
 *
 * @throws {UsageError} `BAD_OPTION` outside of `setup` and effect scopes, for a `keep` that is no count above 0, or parameters that
 * are not plain JSON.
 */
export function useSubscription<Params, EventInput, Event, Extras extends ChannelExtras>(
  channel: ChannelApi<Params, EventInput, Event, Extras>,
  ...[params, options]: undefined extends Params
    ? [params?: MaybeRefOrGetter<OrSkip<Params>>, options?: MaybeRefOrGetter<SharedChannelOptions>]
    : [params: MaybeRefOrGetter<OrSkip<Params>>, options?: MaybeRefOrGetter<SharedChannelOptions>]
): UsedSubscription<Event, Extras> {
  const state = useStore(() => sharedChannel(channel, readArgument<Params | Skip>(params), toValue(options)));
  return {
    ...refsOf(state, ['events', 'latest', 'since', 'snapshot', 'status', 'outcome', 'gap', 'error']),
    restart: () => state.value.restart(),
  };
}
