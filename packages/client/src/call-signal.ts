import type { CallObserver } from '@typewire/core/internal';

/** Listens to the signal only while the call has no outcome: a signal may outlive thousands of calls. */
export function abortable(observer: CallObserver, signal: AbortSignal, abort: () => void): CallObserver {
  signal.addEventListener('abort', abort, { once: true });
  const settle =
    <Args extends unknown[]>(tell: (...args: Args) => void) =>
    (...args: Args): void => {
      signal.removeEventListener('abort', abort);
      tell(...args);
    };
  return {
    item: observer.item,
    result: settle(observer.result),
    end: settle(observer.end),
    fail: settle(observer.fail),
  };
}
