import { type CallState, type CallStoreOptions, callStore, type StoredCall } from '@typewire/client/store';
import type { CallFailure, SafeResult } from '@typewire/core';
import { type Refs, refsOf } from './refs.ts';
import { useStore } from './use-store.ts';

/** The latest call, each part of its state a ref, and what makes the next. */
export type UsedCall<Args extends readonly unknown[], Output, Failure> = Refs<
  Pick<CallState<Output, Failure>, keyof CallState<Output, Failure>>
> & {
  /**
   * Calls, and shows what becomes of it unless a later call has been made by then. Resolves with the result or the
   * failure of this call, as `safe` does: it need not be awaited, and rejects only for bugs of this program.
   */
  readonly run: (...args: Args) => Promise<SafeResult<Output, Failure>>;
  /** Back to `idle`: a call that is under way goes on, and is not shown. */
  readonly reset: () => void;
};

/**
 * A call with its state: `const { run, status, error } = useCall(wire.api.chat.send.mutate)`, then `run({ text })` in a handler.
 * `error.value.code` narrows the data of declared errors.
 *
 * `call` is a verb of the `api`, or any function that returns the promise of one. Of several calls the last one is
 * shown. With `whenRepeated: 'abort'` or `whenUnmounted: 'abort'` the function is given a `signal` in its second argument, the options.
 *
 * @throws {UsageError} `BAD_OPTION` outside of `setup` and effect scopes.
 */
export function useCall<Args extends readonly unknown[], Output, Errors extends Record<string, unknown>>(
  call: StoredCall<Args, Output, Errors>,
  options?: CallStoreOptions,
): UsedCall<Args, Output, CallFailure<Errors>> {
  const store = callStore<Output, Errors>(options);
  const state = useStore<CallState<Output, CallFailure<Errors>>>(() => store);
  return {
    ...refsOf(state, ['status', 'data', 'error']),
    run: (...args) => store.run(call, ...args),
    reset: store.reset,
  };
}
