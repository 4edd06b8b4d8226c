import type {
  Broker,
  BrokerListener,
  BrokerPublication,
  BrokerRead,
  BrokerReadLimits,
  BrokerReceipt,
  BrokerRequest,
  Environment,
  Position,
} from '@typewire/core';
import { MemoryPresence } from './memory-presence.ts';
import { TopicLog } from './topic-log.ts';

/** Below this many topics nothing is swept. */
const SWEEP_FLOOR = 1_024;

/**
 * Channels inside this process: for one server, and the default. Its logs end with the process, and with them their
 * epochs, so that clients which come back are told of a gap rather than left guessing. Several wires of one process may
 * share it.
 */
export class MemoryBroker implements Broker {
  readonly isLossless = true;
  readonly presence: MemoryPresence;
  readonly #environment: Environment;
  readonly #logs: Map<string, TopicLog> = new Map();
  readonly #listeners: Map<string, Set<BrokerListener>> = new Map();
  #sweepAt: number = SWEEP_FLOOR;

  constructor(environment: Environment) {
    this.#environment = environment;
    this.presence = new MemoryPresence(environment);
  }

  /** Topics with a log, for tests and metrics. */
  get size(): number {
    return this.#logs.size;
  }

  publish(topic: string, publication: BrokerPublication): Promise<BrokerReceipt> {
    const now = this.#environment.now();
    const log = this.#log(topic, now);
    const { idempotencyKey } = publication;
    const known = idempotencyKey === null ? null : log.find(idempotencyKey, now);
    if (known !== null) return Promise.resolve(known);
    const tag = Math.floor(this.#environment.random() * 0xffff_ffff) + 1;
    const event = log.append(publication, tag, now);
    const listeners = this.#listeners.get(topic);
    if (listeners !== undefined) for (const listener of [...listeners]) listener.event(event);
    return Promise.resolve({ position: event.position, duplicate: false });
  }

  subscribe(topic: string, listener: BrokerListener): Promise<() => void> {
    const listeners = this.#listeners.get(topic) ?? new Set();
    this.#listeners.set(topic, listeners);
    listeners.add(listener);
    return Promise.resolve(() => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.#listeners.get(topic) === listeners) this.#listeners.delete(topic);
    });
  }

  read(topic: string, request: BrokerRequest, limits: BrokerReadLimits): Promise<BrokerRead> {
    const now = this.#environment.now();
    return Promise.resolve(this.#log(topic, now).read(request, limits, now));
  }

  position(topic: string): Promise<Position> {
    return Promise.resolve(this.#log(topic, this.#environment.now()).position);
  }

  close(): Promise<void> {
    this.#logs.clear();
    this.#listeners.clear();
    this.presence.clear();
    return Promise.resolve();
  }

  #log(topic: string, now: number): TopicLog {
    const known = this.#logs.get(topic);
    if (known !== undefined) return known;
    if (this.#logs.size >= this.#sweepAt) this.#sweep(now);
    const log = new TopicLog(this.#environment.createId(), now);
    this.#logs.set(topic, log);
    return log;
  }

  /** Forgets topics that hold nothing and that nobody follows; each time the number has doubled, so it costs little. */
  #sweep(now: number): void {
    for (const [topic, log] of this.#logs) {
      if (!this.#listeners.has(topic) && log.isStale(now)) this.#logs.delete(topic);
    }
    this.#sweepAt = Math.max(SWEEP_FLOOR, this.#logs.size * 2);
  }
}
