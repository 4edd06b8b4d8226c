/** Ticks that are made up for at once after the process was held up; more are let go. */
const MAX_CATCH_UP = 5;

/** Calls `tick` every `intervalMs` on average: timers alone would drift. Returns what stops it. */
export function startTicker(intervalMs: number, tick: () => void): () => void {
  let dueMs = performance.now() + intervalMs;
  let timer = setTimeout(run, intervalMs);
  function run(): void {
    const nowMs = performance.now();
    dueMs = Math.max(dueMs, nowMs - MAX_CATCH_UP * intervalMs);
    for (; dueMs <= nowMs; dueMs += intervalMs) tick();
    timer = setTimeout(run, dueMs - performance.now());
  }
  return () => clearTimeout(timer);
}
