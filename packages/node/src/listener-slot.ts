import { UsageError } from '@typewire/frame';

export type Listener<Value> = (value: Value) => void;

const ignore = (): void => {};

/** Shared by all slots without listeners: most slots of most connections stay empty. */
const nobody: readonly [] = [];

/**
 * The listeners of one event. `emit` is the listener itself while there is just one, so the usual case is a
 * direct call; nothing is looked up by name.
 */
export class ListenerSlot<Value> {
  /** Calls the listeners. An exception of a single one passes through. */
  emit: Listener<Value> = ignore;
  #listeners: readonly Listener<Value>[] = nobody;

  /** Adds `listener`, even if it is there already, and returns how to remove it. */
  add(listener: Listener<Value>): () => void {
    if (typeof listener !== 'function') throw new UsageError('BAD_OPTION', 'a listener must be a function');
    // Wrapped in a function of its own only when it is there twice, so that each removal removes its own.
    const own: Listener<Value> = this.#listeners.includes(listener) ? (value) => listener(value) : listener;
    // Not by spreading: an array that grows has room for seventeen, on each of a connection's events.
    this.#set(this.#listeners.length === 0 ? [own] : this.#listeners.concat(own));
    return () => {
      const remaining = this.#listeners.filter((other) => other !== own);
      if (remaining.length !== this.#listeners.length) this.#set(remaining);
    };
  }

  #set(listeners: readonly Listener<Value>[]): void {
    this.#listeners = listeners.length === 0 ? nobody : listeners;
    const [only] = listeners;
    if (only === undefined) this.emit = ignore;
    else if (listeners.length === 1) this.emit = only;
    else this.emit = (value) => callAll(listeners, value);
  }
}

function callAll<Value>(listeners: readonly Listener<Value>[], value: Value): void {
  for (const listener of listeners) callSafely(listener, value);
}

/**
 * Calls `listener` so that an exception cannot interrupt the reading of the socket: it is thrown again
 * outside, where it becomes the process's `uncaughtException`, as with any event.
 */
export function callSafely<Value>(listener: Listener<Value>, value: Value): void {
  try {
    listener(value);
  } catch (error) {
    process.nextTick(() => {
      throw error;
    });
  }
}
