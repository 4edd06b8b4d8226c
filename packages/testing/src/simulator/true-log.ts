import type { BrokerEvent, Position } from '@typewire/core';

/** One event as it was written, whatever the broker has lost since. */
export interface TrueEvent extends BrokerEvent {
  readonly topic: string;
  /** When it was written. */
  readonly at: number;
  /** What it was written behind; `null` for the first of an epoch. */
  readonly before: TrueEvent | null;
}

/**
 * All that was ever written, as one tree for each topic and epoch: a broker that went back to an older copy of itself
 * goes on from there in a branch of its own. What subscribers are told is held against this.
 */
export class TrueLog {
  readonly #byPosition: Map<string, TrueEvent> = new Map();
  readonly #onAppend: (event: TrueEvent) => void;
  readonly #onLose: (event: TrueEvent) => void;

  constructor(onAppend: (event: TrueEvent) => void, onLose: (event: TrueEvent) => void) {
    this.#onAppend = onAppend;
    this.#onLose = onLose;
  }

  append(event: TrueEvent): void {
    this.#byPosition.set(key(event.topic, event.position), event);
    this.#onAppend(event);
  }

  /** The broker does not know any more that it has had the event. */
  lose(event: TrueEvent): void {
    this.#onLose(event);
  }

  find(topic: string, position: Position): TrueEvent | null {
    return this.#byPosition.get(key(topic, position)) ?? null;
  }
}

function key(topic: string, { epoch, offset, tag }: Position): string {
  return `${topic} ${epoch} ${offset} ${tag}`;
}
