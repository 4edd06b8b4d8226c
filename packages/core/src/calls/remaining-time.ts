/** Registered, so that a client and a server of two copies of this package understand each other. */
const remaining: symbol = Symbol.for('typewire.remainingMs');

/**
 * Lets `signal` say how long the call it belongs to has left. Calls that are given the signal wait no longer than that.
 * A function, because both ends of it may have clocks of their own.
 */
export function carryDeadline(signal: object, remainingMs: () => number): void {
  Object.defineProperty(signal, remaining, { value: remainingMs });
}

/** What the call behind `signal` has left, in milliseconds, 0 or less when its time is up; `Infinity` for any other. */
export function remainingMsOf(signal: object): number {
  const remainingMs = (signal as Record<symbol, unknown>)[remaining];
  return typeof remainingMs === 'function' ? (remainingMs() as number) : Number.POSITIVE_INFINITY;
}
