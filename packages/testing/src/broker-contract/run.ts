import type { Broker, BrokerEvent, BrokerHistory, BrokerPublication, BrokerRead, Position } from '@typewire/core';
import { equal, isTrue } from '../contract-case.ts';
import type { BrokerSystem } from './system.ts';

/** What logs keep when a case does not say otherwise. */
export const history: BrokerHistory = { size: 100, ttlMs: 60_000, bytes: 1_000_000 };
/** How much one read may give. */
interface Bounds {
  readonly events: number;
  readonly bytes: number;
}

/** More than any case reads. */
export const limits: Bounds = { events: 1_000, bytes: 1_000_000 };

/** What is published when nothing else matters. */
export function publication(payload: string, more: Partial<BrokerPublication> = {}): BrokerPublication {
  return { payload: `,"${payload}"`, history, key: null, exclude: null, idempotencyKey: null, ...more };
}

/** What was published, as it travels. */
export const payloads = (events: readonly BrokerEvent[]): unknown[] => events.map(({ payload }) => payload);
export const named = (...names: string[]): string[] => names.map((name) => `,"${name}"`);

/** One case at work: its broker, and handles that are closed with it. */
export class Run {
  readonly system: BrokerSystem;
  readonly #handles: Broker[] = [];

  constructor(system: BrokerSystem) {
    this.system = system;
  }

  async connect(): Promise<Broker> {
    const handle = await this.system.connect();
    this.#handles.push(handle);
    return handle;
  }

  /** Follows a topic, and writes down what is told. */
  async follow(broker: Broker, topic: string): Promise<{ readonly events: BrokerEvent[]; readonly stop: () => void }> {
    const events: BrokerEvent[] = [];
    const stop = await broker.subscribe(topic, { event: (event) => void events.push(event), interrupted: () => {} });
    return { events, stop };
  }

  /** Waits until `count` events were told. */
  async told(events: readonly BrokerEvent[], count: number): Promise<void> {
    for (let turn = 0; turn < 1_000 && events.length < count; turn++) await this.system.settle();
    isTrue(events.length >= count, `${events.length} of ${count} events were told`);
  }

  /** Gives what should not happen the chance to. */
  async quiet(): Promise<void> {
    for (let turn = 0; turn < 20; turn++) await this.system.settle();
  }

  async close(): Promise<void> {
    await Promise.all(this.#handles.map((handle) => handle.close()));
    await this.system.close();
  }
}

/** Publishes one after the other, and gives their positions. */
export async function publishAll(
  broker: Broker,
  topic: string,
  names: readonly string[],
  more?: Partial<BrokerPublication>,
): Promise<Position[]> {
  const positions: Position[] = [];
  for (const name of names) positions.push((await broker.publish(topic, publication(name, more))).position);
  return positions;
}

export const readSince = (
  broker: Broker,
  topic: string,
  position: Position,
  bounds: Bounds = limits,
): Promise<BrokerRead> => broker.read(topic, { type: 'since', position }, bounds);
export const readBefore = (
  broker: Broker,
  topic: string,
  position: Position | null,
  count: number,
  bounds: Bounds = limits,
): Promise<BrokerRead> => broker.read(topic, { type: 'before', position, count }, bounds);

/** Fails unless the events follow each other from a position on, by offset, epoch and tag. */
export function chained(from: Position, events: readonly BrokerEvent[]): void {
  let at = from;
  for (const { position, previousTag } of events) {
    equal([position.epoch, position.offset, previousTag], [at.epoch, at.offset + 1, at.tag]);
    at = position;
  }
}

/** Position `index` of those a case has made. */
export function nth(positions: readonly Position[], index: number): Position {
  const position = positions.at(index);
  if (position === undefined) throw new Error(`there is no position ${index}`);
  return position;
}

/** What a broker must do, by the words that say so. */
export type Sentences = Readonly<Record<string, (run: Run) => Promise<void>>>;
