import type { StreamApi } from '@typewire/client';
import {
  type OrSkip,
  type SharedStreamOptions,
  type Skip,
  type StreamState,
  sharedStream,
} from '@typewire/client/store';
import { useStore } from './use-store.ts';

/**
 * Reads a stream while the component is mounted: `useStream(wire.api.complete, { prompt })`.
 *
 * Components with equal input share one call, and an inline object with the same content does not call again. The
 * stream is cancelled on the server when none of them is mounted any more. With `skip` in place of the input nothing is
 * asked for, and the status is `idle`. Renders `status: 'connecting'` on a server.
 *
 * @throws {UsageError} `BAD_OPTION` for a `keep` that is no count above 0, or an input that cannot travel.
 */
export function useStream<Input, Item>(
  procedure: StreamApi<Input, Item>,
  ...[input, options]: undefined extends Input
    ? [input?: OrSkip<Input>, options?: SharedStreamOptions]
    : [input: OrSkip<Input>, options?: SharedStreamOptions]
): StreamState<Item> {
  return useStore(sharedStream(procedure, input as Input | Skip, options));
}
