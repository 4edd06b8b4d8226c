import { MACHINES, type Reading } from './reading.ts';

const TICK_MS = 10;

/** A hundred simulated machines that tell their readings in turn: at 1,000 a second each is heard ten times. */
export class Plant {
  readonly latest: Reading[] = Array.from({ length: MACHINES }, (_, machine) => firstReading(machine));
  /** Readings a second, of all machines together. */
  rate = 1_000;
  /** Readings told since the start. */
  told = 0;
  #timer: NodeJS.Timeout | null = null;
  #due = 0;
  #next = 0;
  #lastTick = 0;

  start(tell: (reading: Reading) => void): void {
    this.#lastTick = performance.now();
    this.#timer = setInterval(() => this.#tick(tell), TICK_MS);
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
  }

  #tick(tell: (reading: Reading) => void): void {
    const now = performance.now();
    // A server that was busy for a while does not make up for more than a moment of it.
    this.#due = Math.min(this.#due + ((now - this.#lastTick) * this.rate) / 1_000, this.rate / 5);
    this.#lastTick = now;
    for (; this.#due >= 1; this.#due--) {
      const before = this.latest[this.#next] ?? firstReading(this.#next);
      const reading = nextReading(before);
      this.latest[this.#next] = reading;
      this.#next = (this.#next + 1) % MACHINES;
      this.told++;
      tell(reading);
    }
  }
}

export const plant: Plant = new Plant();

function firstReading(machine: number): Reading {
  const load = Math.random() ** 2;
  return { machine, load, heat: 30 + load * 50, at: Date.now() };
}

/** Loads wander and now and then jump; heat follows slowly. */
function nextReading({ machine, load: before, heat }: Reading): Reading {
  const jump = Math.random() < 0.002 ? Math.random() - before : 0;
  const load = Math.min(1, Math.max(0, before + jump + (Math.random() - 0.5) * 0.04));
  return { machine, load, heat: heat + (30 + load * 55 - heat) * 0.02, at: Date.now() };
}
