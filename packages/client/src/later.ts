/** A module that few programs use: loaded when one does. Once it is there nothing waits for it. */
export class Later<Module> {
  readonly #import: () => Promise<Module>;
  #loaded: Module | null = null;

  constructor(load: () => Promise<Module>) {
    this.#import = load;
  }

  /** Rejects with what the platform says when the module cannot be had; the next call tries again. */
  load(): Module | Promise<Module> {
    return this.#loaded ?? this.#import().then((module) => (this.#loaded = module));
  }
}
