import type { StreamApi } from '@typewire/client';
import {
  type OrSkip,
  type SharedStreamOptions,
  type Skip,
  type StreamState,
  sharedStream,
} from '@typewire/client/store';
import { type MaybeRefOrGetter, toValue } from 'vue';
import { readArgument } from './argument.ts';
import { type Refs, refsOf } from './refs.ts';
import { useStore } from './use-store.ts';

/** The parts of a `StreamState`, each a ref, and what asks anew. */
export type UsedStream<Item> = Refs<Omit<StreamState<Item>, 'restart'>> & Pick<StreamState<Item>, 'restart'>;

/**
 * Reads a stream while the component is mounted and active: `useStream(wire.api.complete, () => ({ prompt: props.prompt }))`.
 *
 * Components with equal input share one call. The input and the options may be values, refs or getters; a new call is
 * made when their content changes. The stream is cancelled on the server when none of them is mounted and active any more. With
 * `skip` in place of the input nothing is asked for, and the status is `idle`. On a server the status is `connecting`.
 *
 * @throws {UsageError} `BAD_OPTION` outside of `setup` and effect scopes, for a `keep` that is no count above 0, or an input that
 * cannot travel.
 */
export function useStream<Input, Item>(
  procedure: StreamApi<Input, Item>,
  ...[input, options]: undefined extends Input
    ? [input?: MaybeRefOrGetter<OrSkip<Input>>, options?: MaybeRefOrGetter<SharedStreamOptions>]
    : [input: MaybeRefOrGetter<OrSkip<Input>>, options?: MaybeRefOrGetter<SharedStreamOptions>]
): UsedStream<Item> {
  const state = useStore(() => sharedStream(procedure, readArgument<Input | Skip>(input), toValue(options)));
  return { ...refsOf(state, ['items', 'latest', 'status', 'error']), restart: () => state.value.restart() };
}
