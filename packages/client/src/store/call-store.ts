import { type CallError, type CallFailure, type CallPromise, type SafeResult, safe } from '@typewire/core';
import type { DeclaredErrors } from '@typewire/core/internal';
import type { CallOptions } from '../options.ts';
import { Audience } from './audience.ts';
import type { Store } from './store.ts';

/** What became of the latest call. `status` narrows `data` and `error`. */
export type CallState<Output, Failure = CallError> =
  | { readonly status: 'idle' | 'pending'; readonly data: undefined; readonly error: null }
  | { readonly status: 'success'; readonly data: Output; readonly error: null }
  | { readonly status: 'error'; readonly data: undefined; readonly error: Failure };

export interface CallStoreOptions {
  /** What happens to a call when the next one is made: only the latter is shown. @default 'finish' */
  readonly whenRepeated?: 'finish' | 'abort';
  /** What happens to a call when nobody listens to the store any more. @default 'finish' */
  readonly whenUnmounted?: 'finish' | 'abort';
}

/** A function that calls, such as `wire.api.chat.send.mutate`. */
export type StoredCall<Args extends readonly unknown[], Output, Errors extends DeclaredErrors> = (
  ...args: Args
) => CallPromise<Output, Errors>;

const idle = { status: 'idle', data: undefined, error: null } as const;

/** The latest of the calls that are made with `run`, for views. Nothing is called before. */
export class CallStore<Output, Errors extends DeclaredErrors = Record<never, never>>
  implements Store<CallState<Output, CallFailure<Errors>>>
{
  readonly #audience: Audience;
  readonly #whenRepeated: 'finish' | 'abort';
  readonly #whenUnmounted: 'finish' | 'abort';
  #state: CallState<Output, CallFailure<Errors>> = idle;
  /** Of the latest call, while it is under way. */
  #abort: AbortController | null = null;

  /** @internal */
  constructor({ whenRepeated = 'finish', whenUnmounted = 'finish' }: CallStoreOptions = {}) {
    this.#whenRepeated = whenRepeated;
    this.#whenUnmounted = whenUnmounted;
    // Told at once: a view shows `pending` in the same go as what caused it.
    this.#audience = new Audience({ begin: () => {}, end: () => this.#unmounted() }, (tell) => tell());
  }

  readonly subscribe = (listener: () => void): (() => void) => this.#audience.subscribe(listener);

  readonly snapshot = (): CallState<Output, CallFailure<Errors>> => this.#state;

  readonly serverSnapshot = (): CallState<Output, CallFailure<Errors>> => idle;

  /**
   * Calls, and shows what becomes of it unless a later one has been made by then. The promise resolves with the result
   * or the failure of this call, as `safe` gives them, and rejects only for what is a bug of this program. A call
   * gets a `signal` in its second argument, its options, when this store may abort it.
   */
  async run<Args extends readonly unknown[]>(
    call: StoredCall<Args, Output, Errors>,
    ...args: Args
  ): Promise<SafeResult<Output, CallFailure<Errors>>> {
    if (this.#whenRepeated === 'abort') this.#abort?.abort();
    const abort = new AbortController();
    const mayAbort = this.#whenRepeated === 'abort' || this.#whenUnmounted === 'abort';
    this.#abort = abort;
    this.#show({ status: 'pending', data: undefined, error: null });
    try {
      const result = await safe<Output, Errors>(call(...(mayAbort ? abortable(args, abort) : args)));
      if (this.#abort === abort) {
        const { ok } = result;
        if (ok) this.#finish({ status: 'success', data: result.value, error: null });
        else this.#finish({ status: 'error', data: undefined, error: result.error });
      }
      return result;
    } catch (error) {
      if (this.#abort === abort) this.#finish(idle);
      throw error;
    }
  }

  /** Forgets the latest call, whose result is not shown any more; it is not aborted. */
  readonly reset = (): void => this.#finish(idle);

  #unmounted(): void {
    if (this.#whenUnmounted === 'abort') this.#abort?.abort();
  }

  #finish(state: CallState<Output, CallFailure<Errors>>): void {
    this.#abort = null;
    this.#show(state);
  }

  #show(state: CallState<Output, CallFailure<Errors>>): void {
    this.#state = state;
    this.#audience.changed();
  }
}

/** A store of one call after the other: `const sending = callStore()`, `sending.run(wire.api.chat.send.mutate, input)`. */
export function callStore<Output, Errors extends DeclaredErrors = Record<never, never>>(
  options: CallStoreOptions = {},
): CallStore<Output, Errors> {
  return new CallStore(options);
}

/** The input and the options of a call, which is aborted with `abort` from now on, and still with a signal of its own. */
function abortable<Args extends readonly unknown[]>([input, options]: Args, abort: AbortController): Args {
  const { signal } = (options ?? {}) as CallOptions;
  const follow = (): void => abort.abort(signal?.reason);
  if (signal?.aborted) follow();
  else signal?.addEventListener('abort', follow, { once: true, signal: abort.signal });
  return [input, { ...(options as CallOptions), signal: abort.signal }] as unknown as Args;
}
