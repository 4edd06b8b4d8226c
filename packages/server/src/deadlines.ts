import type { TimerEnvironment } from '@typewire/core';

/** How often deadlines are looked at, in milliseconds: how late a heartbeat or timeout may be noticed. */
const TICK_MS = 500;

/** One timer for all deadlines of all connections, running only while there are connections. */
export class Deadlines {
  readonly #environment: TimerEnvironment;
  readonly #members: Set<{ tick(now: number): void }> = new Set();
  #cancel: (() => void) | null = null;

  constructor(environment: TimerEnvironment) {
    this.#environment = environment;
  }

  add(member: { tick(now: number): void }): void {
    this.#members.add(member);
    if (this.#cancel === null) this.#arm();
  }

  delete(member: { tick(now: number): void }): void {
    this.#members.delete(member);
    if (this.#members.size > 0) return;
    this.#cancel?.();
    this.#cancel = null;
  }

  #arm(): void {
    this.#cancel = this.#environment.setTimer(TICK_MS, () => {
      this.#cancel = null;
      const now = this.#environment.now();
      for (const member of [...this.#members]) member.tick(now);
      if (this.#members.size > 0 && this.#cancel === null) this.#arm();
    });
  }
}
