import { type CallState, type CallStoreOptions, callStore, type StoredCall } from '@typewire/client/store';
import type { CallFailure, SafeResult } from '@typewire/core';
import { useCallback, useState } from 'react';
import { useStore } from './use-store.ts';

/** The latest call of a component, and what makes the next. */
export type UsedCall<Args extends readonly unknown[], Output, Failure> = CallState<Output, Failure> & {
  /**
   * Calls, and shows what becomes of it unless a later call has been made by then. Resolves with the result or the
   * failure of this call, as `safe` does: it need not be awaited, and rejects only for bugs of this program.
   */
  readonly run: (...args: Args) => Promise<SafeResult<Output, Failure>>;
  /** Back to `idle`: a call that is under way goes on, and is not shown. */
  readonly reset: () => void;
};

/**
 * A call with its state: `const send = useCall(wire.api.chat.send.mutate)`, then `send.run({ text })` in a handler. `send.status`
 * narrows `send.data` and `send.error`, and `send.error.code` the data of declared errors.
 *
 * `call` is a verb of the `api`, or any function that returns the promise of one. Of several calls the last one is
 * shown. With `whenRepeated: 'abort'` or `whenUnmounted: 'abort'` the function is given a `signal` in its second argument, the options.
 * `run` is the same function as long as `call` is. The options of the first rendering count.
 */
export function useCall<Args extends readonly unknown[], Output, Errors extends Record<string, unknown>>(
  call: StoredCall<Args, Output, Errors>,
  options?: CallStoreOptions,
): UsedCall<Args, Output, CallFailure<Errors>> {
  const [store] = useState(() => callStore<Output, Errors>(options));
  const run = useCallback((...args: Args) => store.run(call, ...args), [store, call]);
  return { ...useStore(store), run, reset: store.reset };
}
