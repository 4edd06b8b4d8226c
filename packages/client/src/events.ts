import { EventEmitter } from 'eventemitter3';

type Listeners = { [name: string]: (...args: never[]) => void };

/**
 * Typed events over eventemitter3. Every `on` returns its own unsubscribe function, and a listener that throws harms
 * neither the other listeners nor the connection: its exception is reported as uncaught.
 */
export class Events<Map extends Listeners> {
  readonly #emitter: EventEmitter = new EventEmitter();

  on<Name extends keyof Map & string>(name: Name, listener: Map[Name]): () => void {
    const guarded = (...args: unknown[]): void => {
      try {
        listener(...(args as never[]));
      } catch (error) {
        reportUncaught(error);
      }
    };
    this.#emitter.on(name, guarded);
    return () => void this.#emitter.off(name, guarded);
  }

  emit<Name extends keyof Map & string>(name: Name, ...args: Parameters<Map[Name]>): void {
    this.#emitter.emit(name, ...args);
  }

  has(name: keyof Map & string): boolean {
    return this.#emitter.listenerCount(name) > 0;
  }

  clear(): void {
    this.#emitter.removeAllListeners();
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
