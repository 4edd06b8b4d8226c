export interface HeartbeatOptions {
  /** Silence after which a ping is sent, in milliseconds. */
  readonly intervalMs: number;
  /** Silence after the ping until the peer counts as lost, in milliseconds. */
  readonly timeoutMs: number;
}

/**
 * Notices a peer that no longer answers. Any message or frame counts as a sign of life, so that a busy connection
 * sends no pings. Deadlines are timestamps, not chained timers: a background tab throttles those to one a minute.
 * protocol: "Heartbeat".
 */
export class Heartbeat {
  readonly #options: HeartbeatOptions;
  #heardAt: number;
  #pingedAt: number | null = null;
  #pingTimeoutMs: number;

  constructor(options: HeartbeatOptions, now: number) {
    this.#options = options;
    this.#heardAt = now;
    this.#pingTimeoutMs = options.timeoutMs;
  }

  /** When `tick` is next due. */
  get deadline(): number {
    return this.#pingedAt === null ? this.#heardAt + this.#options.intervalMs : this.#pingedAt + this.#pingTimeoutMs;
  }

  heard(now: number): void {
    this.#heardAt = now;
    this.#pingedAt = null;
  }

  /** Notes a ping sent now, whatever the interval, that must be answered within `timeoutMs`: after waking up, say. */
  probe(timeoutMs: number, now: number): void {
    this.#pingedAt = now;
    this.#pingTimeoutMs = timeoutMs;
  }

  /** `'ping'`: send one now. `'dead'`: give the connection up. */
  tick(now: number): 'ping' | 'dead' | null {
    if (now < this.deadline) return null;
    if (this.#pingedAt !== null) return 'dead';
    this.probe(this.#options.timeoutMs, now);
    return 'ping';
  }
}
