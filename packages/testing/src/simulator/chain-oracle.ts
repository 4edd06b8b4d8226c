import type { Position } from '@typewire/core';
import type { Judge } from './judge.ts';
import type { TrueEvent, TrueLog } from './true-log.ts';

export interface ChainOptions {
  readonly name: string;
  readonly topic: string;
  /** Whether it is given past events, and given them again after a gap. */
  readonly isRewound: boolean;
  /** Whether it joined a subscription that ran already, whose past it is given behind where that stands. */
  readonly joinsLate: boolean;
  /** Events that may be left out for it, because its own client published them for everybody else. */
  readonly unheard: ReadonlySet<string>;
}

/**
 * What one subscriber is told is a chain of the true log: each event was written right behind the one before, unless a
 * gap stands between. No event comes twice.
 */
export class ChainOracle {
  readonly #options: ChainOptions;
  readonly #judge: Judge;
  readonly #truth: TrueLog;
  readonly #seen: Set<TrueEvent> = new Set();
  /** Where it stands; `null` when anything may follow. */
  #position: Position | null = null;
  #hasStarted = false;
  #gaps = 0;

  constructor(options: ChainOptions, judge: Judge, truth: TrueLog) {
    this.#options = options;
    this.#judge = judge;
    this.#truth = truth;
  }

  get position(): Position | null {
    return this.#position;
  }

  get gaps(): number {
    return this.#gaps;
  }

  /** The server has taken the subscription: it says where the topic stands for this subscriber. */
  live(outcome: 'fresh' | 'recovered' | 'gap', position: Position): void {
    if (outcome === 'recovered' && !this.#wasTold(position)) {
      this.#complain(`recovered at ${show(position)}, but stood at ${show(this.#position)}`);
    }
    if (outcome === 'fresh' && this.#hasStarted) this.#complain(`fresh again, behind ${show(this.#position)}`);
    if (outcome !== 'recovered') this.#position = this.#options.joinsLate && !this.#hasStarted ? null : position;
    this.#hasStarted = true;
  }

  gap(): void {
    this.#gaps++;
    this.#position = null;
  }

  /** Returns the event as it was written; `null` when it never was. */
  event(id: string, position: Position): TrueEvent | null {
    const event = this.#truth.find(this.#options.topic, position);
    if (event === null) {
      this.#complain(`was given ${id} at ${show(position)}, where nothing was ever written`);
      return null;
    }
    if (eventId(event.payload) !== id) {
      this.#complain(`was given ${id} at ${show(position)} in place of ${eventId(event.payload)}`);
    }
    if (this.#seen.has(event) && !(this.#gaps > 0 && this.#options.isRewound)) {
      this.#complain(`was given ${id} at ${show(position)} twice`);
    }
    this.#seen.add(event);
    if (this.#position !== null && !this.#follows(event, this.#position)) {
      this.#complain(`was given ${id} at ${show(position)} behind ${show(this.#position)}, and no gap`);
    }
    this.#position = position;
    return event;
  }

  /** Everything is quiet: what the subscriber says of itself, `claimed`, must be what it was told, and the log's `head`. */
  settled(claimed: Position | null, head: Position): string | null {
    const { name } = this.#options;
    if (!this.#wasTold(claimed)) {
      return `${name} says ${show(claimed)}, and was last told ${show(this.#position)}`;
    }
    if (claimed !== null && isSame(claimed, head)) return null;
    // What was left out for it moves where it goes on from, and not what it says.
    const last = this.#truth.find(this.#options.topic, head);
    if (claimed !== null && this.#mayMiss(last) && this.#follows(last, claimed)) return null;
    // Told where the log stands by its offset alone, as before an event whose predecessor nobody knows.
    const isUntagged = claimed?.tag === 0 && claimed.epoch === head.epoch && claimed.offset === head.offset;
    return isUntagged ? null : `${name} stands at ${show(claimed)}, and the log at ${show(head)}`;
  }

  /** Whether nothing but what may be left out lies between where it stood and `event`. */
  #follows(event: TrueEvent, position: Position): boolean {
    let next: TrueEvent | null = event;
    while (next !== null && !follows(next, position)) next = this.#mayMiss(next.before) ? next.before : null;
    return next !== null;
  }

  /** Whether it was told all it was to be told up to `claimed`. */
  #wasTold(claimed: Position | null): boolean {
    const at = this.#position;
    if (at === null) return true;
    if (claimed === null || isSame(claimed, at)) return claimed !== null;
    const event = this.#truth.find(this.#options.topic, claimed);
    return this.#mayMiss(event) && this.#follows(event, at);
  }

  #mayMiss(event: TrueEvent | null): event is TrueEvent {
    return event !== null && this.#options.unheard.has(eventId(event.payload));
  }

  #complain(text: string): void {
    this.#judge.complain('chain', `${this.#options.name} ${text}`);
  }
}

/** `position` is unknown but for its offset when its tag is 0. */
function follows(event: TrueEvent, position: Position): boolean {
  const { epoch, offset } = event.position;
  if (epoch !== position.epoch || offset !== position.offset + 1) return false;
  return position.tag === 0 || event.before?.position.tag === position.tag;
}

function isSame(one: Position, other: Position): boolean {
  return one.epoch === other.epoch && one.offset === other.offset && one.tag === other.tag;
}

export function show(position: Position | null): string {
  return position === null ? 'nowhere' : `${position.epoch}/${position.offset}/${position.tag.toString(16)}`;
}

/** What the simulation publishes has an `id`; what became of it on the way to a broker is text, or has text in it. */
export function eventId(payload: string | Uint8Array): string {
  const text = typeof payload === 'string' ? payload : new TextDecoder().decode(payload);
  return /"id":"([^"]*)"/.exec(text)?.[1] ?? '';
}
