type Listeners = { [name: string]: (...args: never[]) => void };
type Listener = (...args: unknown[]) => void;

/**
 * Typed events. Every `on` returns its own unsubscribe function, and a listener that throws harms neither the other
 * listeners nor the connection: its exception is reported as uncaught.
 */
export class Events<Map extends Listeners> {
  #listeners: { [name: string]: readonly Listener[] } = Object.create(null);

  on<Name extends keyof Map & string>(name: Name, listener: Map[Name]): () => void {
    // One of its own for each time: whoever listens twice is told twice, and leaves once for each.
    const entry: Listener = (...args) => listener(...(args as never[]));
    this.#listeners[name] = [...this.#of(name), entry];
    return () => {
      this.#listeners[name] = this.#of(name).filter((other) => other !== entry);
    };
  }

  /** Whoever comes or goes inside a listener does so for the next event; `clear` ends this one. */
  emit<Name extends keyof Map & string>(name: Name, ...args: Parameters<Map[Name]>): void {
    const all = this.#listeners;
    for (const listener of this.#of(name)) {
      try {
        listener(...args);
      } catch (error) {
        reportUncaught(error);
      }
      if (this.#listeners !== all) return;
    }
  }

  has(name: keyof Map & string): boolean {
    return this.#of(name).length > 0;
  }

  clear(): void {
    this.#listeners = Object.create(null);
  }

  #of(name: string): readonly Listener[] {
    return this.#listeners[name] ?? [];
  }
}

/** Hands an exception to the platform, as it does with one thrown in an event handler of its own. */
export function reportUncaught(error: unknown): void {
  if (typeof reportError === 'function') reportError(error);
  else {
    queueMicrotask(() => {
      throw error;
    });
  }
}
