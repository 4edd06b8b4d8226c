import { monitorEventLoopDelay } from 'node:perf_hooks';
import { z } from 'zod';

/** How this very server does. */
export const Health = z.object({
  at: z.number(),
  /** How late timers come, in milliseconds: half of them, and all but one of a hundred. */
  delayP50Ms: z.number(),
  delayP99Ms: z.number(),
  /** Share of one core, 0 to 1. */
  cpu: z.number(),
  heapMb: z.number(),
  connections: z.number(),
  /** Readings told since the last of these, by the second. */
  toldPerSecond: z.number(),
});

export type Health = z.output<typeof Health>;

const RESOLUTION_MS = 10;

/** Measures from `next` to `next`. */
export class HealthMeter {
  readonly #delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  #cpu = process.cpuUsage();
  #at = performance.now();
  #told: number;

  constructor(told: number) {
    this.#told = told;
    this.#delay.enable();
  }

  next({ told, connections }: { told: number; connections: number }): Health {
    const at = performance.now();
    const elapsedMs = at - this.#at;
    const { user, system } = process.cpuUsage(this.#cpu);
    const health = {
      at: Date.now(),
      delayP50Ms: this.#delayMs(50),
      delayP99Ms: this.#delayMs(99),
      cpu: (user + system) / 1_000 / elapsedMs,
      heapMb: process.memoryUsage().heapUsed / 1_048_576,
      connections,
      toldPerSecond: ((told - this.#told) / elapsedMs) * 1_000,
    };
    this.#delay.reset();
    this.#cpu = process.cpuUsage();
    this.#at = at;
    this.#told = told;
    return health;
  }

  stop(): void {
    this.#delay.disable();
  }

  /** The meter counts the time between its own timers: what is above their interval is the delay. */
  #delayMs(percentile: number): number {
    const { count } = this.#delay;
    return count === 0 ? 0 : Math.max(0, this.#delay.percentile(percentile) / 1_000_000 - RESOLUTION_MS);
  }
}
