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
  /** Whether of events with one key only the newest need arrive. */
  readonly isKeyed: boolean;
  /** Whether its topic begins with a snapshot: the ids of all events so far. */
  readonly hasSnapshot: boolean;
}

/**
 * What one subscriber is told is a chain of the true log: each event was written right behind the one before, unless a
 * gap stands between, which says how many events it took. No event comes twice. Where events replace each other, those
 * left out have a newer one that comes. A snapshot holds all up to where it stands.
 */
export class ChainOracle {
  readonly #options: ChainOptions;
  readonly #judge: Judge;
  readonly #truth: TrueLog;
  readonly #seen: Set<TrueEvent> = new Set();
  /** Where it stands; `null` when anything may follow. */
  #position: Position | null = null;
  /** Where it stood before a gap that is about to be told. */
  #beforeGap: Position | null = null;
  /** Where the last gap stands, until an event comes. */
  #gapAt: Position | null = null;
  #hasStarted = false;
  #gaps = 0;
  /** By key, what was left out because something newer is to come. */
  readonly #owed: Map<string, TrueEvent> = new Map();
  /** Ids of what is in the snapshot, and of what came since; `null` while one is to come. */
  #known: Set<string> | null = null;

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
    if (outcome === 'gap') this.#beforeGap = this.#position;
    if (outcome !== 'recovered') {
      this.#position = this.#options.joinsLate && !this.#hasStarted ? null : position;
      this.#gapAt = null;
      this.#known = null;
      this.#owed.clear();
    }
    this.#hasStarted = true;
  }

  /** Events up to `position` are lost: `missed` of them, if that is known. */
  gap(position: Position, missed: number | null): void {
    const at = this.#beforeGap ?? this.#position;
    const lost = at === null ? null : this.#between(at, this.#truth.find(this.#options.topic, position));
    if (lost !== null && lost.length > 0) this.#checkCount(lost, position, missed);
    this.#gaps++;
    this.#beforeGap = null;
    this.#position = null;
    this.#gapAt = this.#options.isRewound ? null : position;
    this.#known = null;
    this.#owed.clear();
  }

  /** The state of the topic at `position`. */
  snapshot(ids: readonly string[], position: Position): void {
    const known = new Set(ids);
    for (let event = this.#truth.find(this.#options.topic, position); event !== null; event = event.before) {
      const id = eventId(event.payload);
      if (!known.has(id)) this.#complain(`was given a state at ${show(position)} without ${id}`);
    }
    this.#known = known;
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
    this.#known?.add(id);
    const at = this.#position ?? this.#gapAt;
    if (at !== null && !(this.#position === null && isSame(at, position)) && !this.#take(event, at)) {
      this.#complain(`was given ${id} at ${show(position)} behind ${show(at)}, and no gap`);
    }
    if (event.key !== null) this.#owed.delete(event.key);
    this.#position = position;
    this.#gapAt = null;
    return event;
  }

  /** Everything is quiet: what the subscriber says of itself, `claimed`, must be what it was told, and the log's `head`. */
  settled(claimed: Position | null, head: Position): string | null {
    const { name } = this.#options;
    if (!this.#wasTold(claimed)) {
      return `${name} says ${show(claimed)}, and was last told ${show(this.#position)}`;
    }
    const last = this.#truth.find(this.#options.topic, head);
    if (claimed !== null && isSame(claimed, head)) return this.#isWhole(last);
    // What was left out for it moves where it goes on from, and not what it says.
    if (claimed !== null && last !== null && this.#isUnheard(last) && this.#follows(last, claimed)) return null;
    // Told where the log stands by its offset alone, as before an event whose predecessor nobody knows.
    const isUntagged = claimed?.tag === 0 && claimed.epoch === head.epoch && claimed.offset === head.offset;
    return isUntagged ? null : `${name} stands at ${show(claimed)}, and the log at ${show(head)}`;
  }

  /** At the head of the log: has it the newest of every key, and all that the snapshot is to hold? */
  #isWhole(last: TrueEvent | null): string | null {
    const { name, topic, hasSnapshot } = this.#options;
    for (const owed of this.#owed.values()) {
      const isNewest = this.#between(owed.position, last)?.every(
        (newer) => newer.key !== owed.key || !this.#isUnheard(newer),
      );
      if (isNewest) return `${name} was never given ${eventId(owed.payload)}, the newest of ${owed.key}`;
    }
    if (!hasSnapshot) return null;
    if (this.#known === null) return `${name} has no state of ${topic}`;
    for (let event = last; event !== null; event = event.before) {
      const id = eventId(event.payload);
      if (!this.#known.has(id) && !this.#isUnheard(event)) return `${name} knows nothing of ${id}`;
    }
    return null;
  }

  /** Takes down what was left out before `event`; `false` when something that may not be was. */
  #take(event: TrueEvent, position: Position): boolean {
    if (!this.#follows(event, position)) return false;
    if (this.#options.isKeyed) this.#owe(this.#between(position, event)?.slice(0, -1) ?? []);
    return true;
  }

  #owe(events: readonly TrueEvent[]): void {
    for (const event of events) if (event.key !== null && !this.#isUnheard(event)) this.#owed.set(event.key, event);
  }

  /** What was written behind a position, up to `event`; `null` when that is of another branch of the log. */
  #between(position: Position, event: TrueEvent | null): TrueEvent[] | null {
    const events: TrueEvent[] = [];
    for (let one = event; one !== null; one = one.before) {
      if (isSame(one.position, position)) return events;
      events.unshift(one);
      if (follows(one, position)) return events;
    }
    return null;
  }

  /** What a gap says of how much it took. */
  #checkCount(lost: readonly TrueEvent[], position: Position, missed: number | null): void {
    // The client may have been told that some are not for it: then it stands further, or on a branch that was lost.
    const mayStandElsewhere = this.#options.isKeyed || this.#options.unheard.size > 0;
    const told = this.#options.isKeyed ? lost.length : lost.filter((event) => this.#isUnheard(event)).length;
    if (missed === null ? mayStandElsewhere : missed <= lost.length && missed >= lost.length - 1 - told) return;
    this.#complain(`was told that a gap up to ${show(position)} took ${missed} events, and not ${lost.length}`);
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
    if (!this.#mayMiss(event) || !this.#follows(event, at)) return false;
    if (this.#options.isKeyed) this.#owe(this.#between(at, event) ?? []);
    return true;
  }

  #mayMiss(event: TrueEvent | null): event is TrueEvent {
    return event !== null && (this.#options.isKeyed || this.#isUnheard(event));
  }

  #isUnheard(event: TrueEvent | null): boolean {
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
