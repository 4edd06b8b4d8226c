import { UsageError } from '@typewire/core';

/** Limits of one procedure, set with `limits` of a builder. */
export interface CallLimits {
  /** Calls of it running at once in this process; one more is refused with `LIMIT_EXCEEDED`. @default Infinity */
  readonly maxInFlight?: number;
  /** Calls of it running at once for one session; one more is refused with `LIMIT_EXCEEDED`. @default Infinity */
  readonly maxInFlightPerSession?: number;
  /**
   * Longest time a call may take, in milliseconds, whatever longer time its caller would wait: then the caller is told
   * `TIMEOUT` and `signal` fires. A stream counts from its first to its last item. @default Infinity
   */
  readonly timeoutMs?: number;
}

/** Typed so that a new limit without a default does not compile. */
export const noLimits: Required<CallLimits> = {
  maxInFlight: Number.POSITIVE_INFINITY,
  maxInFlightPerSession: Number.POSITIVE_INFINITY,
  timeoutMs: Number.POSITIVE_INFINITY,
};

/** `limits` over those there were before. @throws {UsageError} `BAD_OPTION` for one that would let nothing run. */
export function withLimits(before: Required<CallLimits>, limits: CallLimits): Required<CallLimits> {
  const merged = { ...before, ...limits };
  for (const [name, value] of Object.entries(merged)) {
    const isLimit = name in noLimits && typeof value === 'number' && value > 0;
    if (!isLimit) throw new UsageError('BAD_OPTION', `${name} in limits() must be a number above 0, or Infinity`);
  }
  return merged;
}

/** The time a caller gave (0 for any), cut to what the procedure allows; 0 again when neither has a limit. */
export function allowedTimeMs(limits: Required<CallLimits>, givenMs: number): number {
  const allowedMs = Math.min(givenMs === 0 ? Number.POSITIVE_INFINITY : givenMs, limits.timeoutMs);
  return Number.isFinite(allowedMs) ? allowedMs : 0;
}
