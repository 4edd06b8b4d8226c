/** What telling about failed publications needs of a wire. */
export interface PublishErrorsHost {
  defer(callback: () => void): void;
  /** Tells the hook; returns the opaque id. */
  tell(error: unknown, path: string | null): string;
}

/**
 * Publications that failed. A handler may leave one unawaited, and what is wrong with it is the server's own mistake:
 * the hook is told. A handler that awaits it fails with it, and is told of once, with its own path and caller.
 */
export class PublishErrors {
  readonly #host: PublishErrorsHost;
  readonly #waiting: Set<unknown> = new Set();
  readonly #told: WeakMap<object, string> = new WeakMap();

  constructor(host: PublishErrorsHost) {
    this.#host = host;
  }

  /** A publication on `path` failed. The handler has until the end of this tick to fail with the same. */
  failed(error: unknown, path: string | null): void {
    this.#waiting.add(error);
    this.#host.defer(() => {
      if (!this.#waiting.delete(error)) return;
      const id = this.#host.tell(error, path);
      if (typeof error === 'object' && error !== null) this.#told.set(error, id);
    });
  }

  /** Somebody is about to tell of an error: the id under which the hook knows it already, if it does. */
  take(error: unknown): string | undefined {
    this.#waiting.delete(error);
    if (typeof error !== 'object' || error === null) return undefined;
    const id = this.#told.get(error);
    this.#told.delete(error);
    return id;
  }
}
