import type { ChannelApi } from '@typewire/client';
import {
  type OrSkip,
  type OwnPresence,
  type PresenceState,
  type SharedPresenceOptions,
  type Skip,
  sharedPresence,
} from '@typewire/client/store';
import type { ChannelExtras } from '@typewire/core';
import { type MaybeRefOrGetter, toValue } from 'vue';
import { readArgument } from './argument.ts';
import { type Refs, refsOf } from './refs.ts';
import { useStore } from './use-store.ts';

/** The parts of a `PresenceState`, each a ref, and what this client does about its own presence. */
export type UsedPresence<State, StateInput> = Refs<Omit<PresenceState<State, StateInput>, keyof OwnPresence<never>>> &
  OwnPresence<StateInput>;

/**
 * Shows who is present on a topic while the component is mounted and active, and lets this client be present:
 * `const { members, update } = usePresence(wire.api.chat.room, () => ({ room: props.room }))`.
 *
 * Components with equal `params` share what they see, and `useSubscription` of the same topic its subscription. This client is
 * present from `update` until `leave`, or until none of them is mounted and active any more. Parameters and options may be values, refs
 * or getters. With `skip` in place of `params` nobody is looked at, and the status is `idle`. Shows nobody on a server.
 *
 * @throws {UsageError} `BAD_OPTION` outside of `setup` and effect scopes, or for parameters that are not plain JSON.
 */
export function usePresence<Params, EventInput, Event, Extras extends ChannelExtras>(
  channel: ChannelApi<Params, EventInput, Event, Extras>,
  ...[params, options]: undefined extends Params
    ? [params?: MaybeRefOrGetter<OrSkip<Params>>, options?: MaybeRefOrGetter<SharedPresenceOptions>]
    : [params: MaybeRefOrGetter<OrSkip<Params>>, options?: MaybeRefOrGetter<SharedPresenceOptions>]
): UsedPresence<Extras['presence'], Extras['presenceInput']> {
  const state = useStore(() => sharedPresence(channel, readArgument<Params | Skip>(params), toValue(options)));
  return {
    ...refsOf(state, ['members', 'subjects', 'bySubject', 'count', 'self', 'status', 'error']),
    update: (own) => state.value.update(own),
    leave: () => state.value.leave(),
    restart: () => state.value.restart(),
  };
}
