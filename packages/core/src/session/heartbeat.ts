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
  /** When a ping must have been answered; `null` while none is out. */
  #answerBy: number | null = null;

  constructor(options: HeartbeatOptions, now: number) {
    this.#options = options;
    this.#heardAt = now;
  }

  /** When `tick` is next due. */
  get deadline(): number {
    return this.#answerBy ?? this.#heardAt + this.#options.intervalMs;
  }

  heard(now: number): void {
    this.#heardAt = now;
    this.#answerBy = null;
  }

  /**
   * Notes a ping sent now, whatever the interval, that must be answered within `timeoutMs`: after waking up, say. One
   * that is out already keeps its deadline if it is earlier, so that asking again and again is no sign of life.
   */
  probe(timeoutMs: number, now: number): void {
    this.#answerBy = Math.min(this.#answerBy ?? Number.POSITIVE_INFINITY, now + timeoutMs);
  }

  /** `'ping'`: send one now. `'dead'`: give the connection up. */
  tick(now: number): 'ping' | 'dead' | null {
    if (now < this.deadline) return null;
    if (this.#answerBy !== null) return 'dead';
    this.probe(this.#options.timeoutMs, now);
    return 'ping';
  }
}
