interface Timer {
  readonly at: number;
  readonly order: number;
  readonly callback: () => void;
}

/** A clock that moves only when told to, and the timers that hang on it. */
export interface FakeClock {
  now(): number;
  setTimer(delayMs: number, callback: () => void): () => void;
  /** Moves time on, running each timer that falls due at its own moment, earliest first. */
  advance(ms: number): void;
  /** As `advance`, and lets promises settle after each timer, so that what follows from one happens before the next. */
  advanceAsync(ms: number): Promise<void>;
  /** Timers that have neither run nor been cancelled. */
  readonly pending: number;
}

/** Starts at `startMs`, so that a test notices code that takes 0 for "never". */
export function fakeClock(startMs = 1_000): FakeClock {
  let now = startMs;
  let order = 0;
  const timers = new Set<Timer>();

  const next = (until: number): Timer | null => {
    let earliest: Timer | null = null;
    for (const timer of timers) {
      if (timer.at > until) continue;
      if (earliest === null || timer.at < earliest.at || (timer.at === earliest.at && timer.order < earliest.order)) {
        earliest = timer;
      }
    }
    return earliest;
  };
  const fire = (timer: Timer): void => {
    timers.delete(timer);
    now = Math.max(now, timer.at);
    timer.callback();
  };

  return {
    now: () => now,
    setTimer(delayMs, callback) {
      const timer = { at: now + Math.max(0, delayMs), order: order++, callback };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    advance(ms) {
      const until = now + ms;
      for (let timer = next(until); timer !== null; timer = next(until)) fire(timer);
      now = until;
    },
    async advanceAsync(ms) {
      const until = now + ms;
      await settled();
      for (let timer = next(until); timer !== null; timer = next(until)) {
        fire(timer);
        await settled();
      }
      now = until;
      await settled();
    },
    get pending() {
      return timers.size;
    },
  };
}

/** Resolves when chains of promises that need nothing but promises have run. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 100; turn++) await null;
}
