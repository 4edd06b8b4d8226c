import type { CallError } from '@typewire/core';
import { notSent, thrownText } from '@typewire/core/internal';

/** A module that few programs use: loaded when one does. Once it is there nothing waits for it. */
export class Later<Module> {
  readonly #import: () => Promise<Module>;
  #loaded: Module | Promise<Module> | null = null;

  constructor(load: () => Promise<Module>) {
    this.#import = load;
  }

  /**
   * Whoever waits is told in the order in which they asked, and before anybody who asks later has it at once. Rejects with
   * what the platform says when the module cannot be had; the next call tries again.
   */
  load(): Module | Promise<Module> {
    if (this.#loaded !== null) return this.#loaded;
    const loading = this.#import();
    this.#loaded = loading;
    // The first to be told.
    loading.then(
      (module) => {
        this.#loaded = module;
      },
      () => {
        this.#loaded = null;
      },
    );
    return loading;
  }
}

/** What fails because `load` did. */
export function notLoaded(error: unknown): CallError {
  return notSent('DISCONNECTED', `the client could not be loaded in full: ${thrownText(error)}`, error);
}
