import type { Broker, Environment, Position } from '@typewire/core';
import type { HubTopic } from './hub-topic.ts';

/** How often it is looked for topics that are due, in milliseconds. */
const TICK_MS = 1_000;
/** Positions asked for at once. */
const MAX_ASKED = 32;
/** After this many milliseconds without an answer somebody else is asked about. */
const ANSWER_MS = 10_000;

export interface PositionCheckOptions {
  readonly broker: Pick<Broker, 'position'>;
  readonly environment: Pick<Environment, 'now' | 'random'> & {
    setTimer(delayMs: number, callback: () => void): () => void;
  };
  /** Time between two looks at one topic, ±10 %. */
  readonly intervalMs: number;
}

/**
 * Finds out that a broker's fan-out has lost something although nothing came behind it: every topic's position is
 * compared with the broker's now and then. One timer for all of them, and never more than a few questions at once.
 */
export class PositionCheck {
  readonly #options: PositionCheckOptions;
  /** When each topic is due, nearly in order: it is put to the end when it has been looked at. */
  readonly #due: Map<HubTopic, number> = new Map();
  readonly #asked: Map<HubTopic, number> = new Map();
  /** Topics that are due at once, and those that should have come to a position by the next tick. */
  readonly #doubts: Map<HubTopic, Position | null> = new Map();
  #cancel: (() => void) | null = null;

  constructor(options: PositionCheckOptions) {
    this.#options = options;
  }

  add(topic: HubTopic): void {
    const { environment, intervalMs } = this.#options;
    this.#due.set(topic, environment.now() + intervalMs * (0.9 + environment.random() * 0.2));
    this.#cancel ??= environment.setTimer(TICK_MS, () => this.#tick());
  }

  delete(topic: HubTopic): void {
    this.#due.delete(topic);
    this.#asked.delete(topic);
    this.#doubts.delete(topic);
    if (this.#due.size + this.#asked.size > 0) return;
    this.#cancel?.();
    this.#cancel = null;
  }

  /** Asks about a topic as soon as there is room. */
  soon(topic: HubTopic): void {
    if (!this.#due.has(topic) && !this.#asked.has(topic)) return;
    this.#doubts.set(topic, null);
    this.#askNext();
  }

  #tick(): void {
    const { environment } = this.#options;
    const now = environment.now();
    this.#cancel = environment.setTimer(TICK_MS, () => this.#tick());
    for (const [topic, at] of this.#asked) {
      if (now - at < ANSWER_MS) continue;
      this.#asked.delete(topic);
      this.add(topic);
    }
    for (const [topic, expected] of this.#doubts) {
      if (expected === null) continue;
      this.#doubts.delete(topic);
      if (!hasReached(topic.position, expected)) void topic.repair();
    }
    this.#askNext();
  }

  #askNext(): void {
    for (const [topic, expected] of this.#doubts) {
      if (this.#asked.size >= MAX_ASKED) return;
      if (expected !== null || this.#asked.has(topic)) continue;
      this.#doubts.delete(topic);
      this.#ask(topic);
    }
    const now = this.#options.environment.now();
    for (const [topic, at] of this.#due) {
      if (at > now || this.#asked.size >= MAX_ASKED) return;
      this.#ask(topic);
    }
  }

  #ask(topic: HubTopic): void {
    const before = topic.position;
    const askedAt = this.#options.environment.now();
    this.#due.delete(topic);
    this.#asked.set(topic, askedAt);
    const answered = (position: Position | null): void => {
      // Everybody has left, or it took too long.
      if (this.#asked.get(topic) !== askedAt) return;
      this.#asked.delete(topic);
      this.add(topic);
      if (position !== null) this.#compare(topic, before, position);
      this.#askNext();
    };
    this.#options.broker.position(topic.name).then(answered, () => answered(null));
  }

  #compare(topic: HubTopic, before: Position | null, answer: Position): void {
    const at = topic.position;
    // Nobody stands anywhere yet.
    if (at === null || before === null) return;
    const isBehind = answer.epoch === at.epoch && answer.offset > at.offset;
    // What was published a moment ago may still be on its way.
    if (isBehind) this.#doubts.set(topic, answer);
    else if (!isBetween(before, answer, at)) void topic.repair();
  }
}

/** Whether a log that was followed from `before` to `at` meanwhile can have stood at `position`. */
function isBetween(before: Position, position: Position, at: Position): boolean {
  if (position.epoch !== at.epoch) return false;
  if (position.offset === at.offset) return position.tag === at.tag;
  if (position.offset === before.offset && before.epoch === at.epoch) return position.tag === before.tag;
  return position.offset < at.offset && (before.epoch !== at.epoch || position.offset > before.offset);
}

function hasReached(at: Position | null, expected: Position): boolean {
  if (at === null || at.epoch !== expected.epoch) return at === null;
  return at.offset === expected.offset ? at.tag === expected.tag : at.offset > expected.offset;
}
