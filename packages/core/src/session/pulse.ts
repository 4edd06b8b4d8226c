import { PING, PONG } from '../message/encode.ts';
import type { Transport } from '../transport.ts';
import { Heartbeat, type HeartbeatOptions } from './heartbeat.ts';

/** Signs of life on one connection: asks for them, answers them, and measures how long the peer takes. */
export class Pulse {
  readonly #transport: Transport;
  readonly #heartbeat: Heartbeat;
  readonly #onLatency: (latencyMs: number) => void;
  #pingsWithFrames: boolean;
  #pingSentAt: number | null = null;

  constructor(options: HeartbeatOptions, transport: Transport, now: number, onLatency: (latencyMs: number) => void) {
    this.#transport = transport;
    this.#heartbeat = new Heartbeat(options, now);
    this.#onLatency = onLatency;
    this.#pingsWithFrames = transport.ping !== undefined;
  }

  /** When `tick` is next due. */
  get deadline(): number {
    return this.#heartbeat.deadline;
  }

  /** The peer sees no control frames, or does: pings must be messages then, with the same numbers. */
  peerSeesFrames(sees: boolean): void {
    this.#pingsWithFrames &&= sees;
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
    this.#ping(now);
  }

  /** Asks for a sign of life to measure by, unless one is under way. */
  measure(now: number): void {
    if (this.#pingSentAt === null) this.#ping(now);
  }

  answered(now: number): void {
    if (this.#pingSentAt === null) return;
    const latencyMs = now - this.#pingSentAt;
    this.#pingSentAt = null;
    this.#onLatency(latencyMs);
  }

  /** Shows the peer that this end lives, and expects nothing of it until the next interval has passed. */
  remind(now: number): void {
    this.#ping(now);
    this.#heartbeat.heard(now);
  }

  /** Whether the peer counts as lost. */
  tick(now: number): boolean {
    const due = this.#heartbeat.tick(now);
    if (due === 'ping') this.#ping(now);
    return due === 'dead';
  }

  #ping(now: number): void {
    this.#pingSentAt = now;
    if (this.#pingsWithFrames) this.#transport.ping?.();
    else this.#transport.send(PING);
  }
}
