import type { MutateOptions, MutationApi } from '@typewire/client';
import type { CallFailure } from '@typewire/core';
import { type KeyOptions, queryKey, type WireKey } from './query-key.ts';

/** Options of `useMutation`; spread them to add your own. */
export interface WireMutationOptions<Input, Output, Failure> {
  readonly mutationKey: WireKey;
  readonly mutationFn: (input: Input) => Promise<Output>;
  /** `false`: Typewire repeats by itself what is safe to repeat. */
  readonly retry: false;
  /** Never given: it tells the compiler how a mutation fails. */
  readonly retryDelay?: (count: number, error: Failure) => number;
}

/** Options of one mutation. A key of your own makes no sense here: it would be the same for every call. */
export type WireMutationSettings = KeyOptions &
  Pick<MutateOptions, 'timeoutMs'> & {
    /** Lets each call be repeated by itself when the connection is lost before its answer. @default never repeated */
    readonly idempotencyKey?: true;
  };

/**
 * Options for a mutation: `useMutation(mutationOptions(wire.api.chat.send, { idempotencyKey: true }))`. Its failure is typed with
 * the declared errors.
 */
export function mutationOptions<Input, Output, Errors extends Record<string, unknown>>(
  procedure: MutationApi<Input, Output, Errors>,
  { namespace, ...options }: WireMutationSettings = {},
  // biome-ignore lint/suspicious/noConfusingVoidType: by it TanStack Query knows that there is none to give
): WireMutationOptions<undefined extends Input ? Input | void : Input, Output, CallFailure<Errors>> {
  const { mutate } = procedure as unknown as { mutate(input: unknown, options: MutateOptions): Promise<Output> };
  return {
    mutationKey: queryKey(procedure, undefined, namespace === undefined ? {} : { namespace }),
    mutationFn: (input) => mutate(input, options),
    retry: false,
  };
}
