import { PING, PONG } from '../message/encode.ts';
import type { Transport } from '../transport.ts';
import { Heartbeat, type HeartbeatOptions } from './heartbeat.ts';

/** Signs of life on one connection: asks for them, answers them, and measures how long the peer takes. */
export class Pulse {
  readonly #transport: Transport;
  readonly #heartbeat: Heartbeat;
  readonly #onLatency: (latencyMs: number) => void;
  /** Not of a peer that sees no control frames: pings must be messages then, with the same numbers. */
  pingsWithFrames: boolean;
  #pingSentAt: number | null = null;

  constructor(options: HeartbeatOptions, transport: Transport, now: number, onLatency: (latencyMs: number) => void) {
    this.#transport = transport;
    this.#heartbeat = new Heartbeat(options, now);
    this.#onLatency = onLatency;
    this.pingsWithFrames = transport.ping !== undefined;
  }

  /** When `tick` is next due. */
  get deadline(): number {
    return this.#heartbeat.deadline;
  }

  /** Anything was heard. */
  heard(now: number): void {
    this.#heartbeat.heard(now);
  }

  answer(): void {
    this.#transport.send(PONG);
  }

  /** Asks for a sign of life within `timeoutMs`. */
  probe(timeoutMs: number, now: number): void {
    this.#heartbeat.probe(timeoutMs, now);
    this.ping(now);
  }

  /** Asks for a sign of life to measure by, unless one is under way. */
  measure(now: number): void {
    if (this.#pingSentAt === null) this.ping(now);
  }

  answered(now: number): void {
    if (this.#pingSentAt === null) return;
    const latencyMs = now - this.#pingSentAt;
    this.#pingSentAt = null;
    this.#onLatency(latencyMs);
  }

  /** Whether the peer counts as lost. */
  tick(now: number): boolean {
    const due = this.#heartbeat.tick(now);
    if (due === 'ping') this.ping(now);
    return due === 'dead';
  }

  /** Asks, and expects nothing. */
  ping(now: number): void {
    this.#pingSentAt = now;
    if (this.pingsWithFrames) this.#transport.ping?.();
    else this.#transport.send(PING);
  }
}
