import type { Caller } from './caller.ts';
import type { WireError } from './options.ts';
import { isPromiseLike } from './promise.ts';

/** Tells the user's hook, or the console, of what went wrong, each time with an id that clients may be told. */
export class ErrorReporter {
  readonly #onError: (event: WireError) => void;
  readonly #createId: () => string;

  /** @param onError the user's hook, of which nothing is expected. */
  constructor(onError: ((event: WireError) => void) | undefined, createId: () => string) {
    this.#onError = onError ?? printError;
    this.#createId = createId;
  }

  /** Returns the id. */
  tell(error: unknown, path: string | null, caller: Caller | null): string {
    const id = this.#createId();
    // The hook is the last to know; a broken one must not take the connection down, nor the process.
    const broken = (hookError: unknown): void => printError({ error: hookError, id, path, caller });
    try {
      // Declared to return nothing, but a hook may well be asynchronous.
      const outcome: unknown = this.#onError({ error, id, path, caller });
      if (isPromiseLike(outcome)) Promise.resolve(outcome).catch(broken);
    } catch (hookError) {
      broken(hookError);
    }
    return id;
  }
}

function printError({ error, id, path }: WireError): void {
  // biome-ignore lint/suspicious/noConsole: without a hook of the user's own, the console is the only place left
  console.error(`typewire: ${path ?? 'authenticate'} failed (${id})`, error);
}
