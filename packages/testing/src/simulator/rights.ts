import type { Judge } from './judge.ts';
import type { Topic } from './schedule.ts';
import type { TrueEvent } from './true-log.ts';

/** From taking a right away until nothing of it is delivered that was written since. guarantees: "authentication". */
const REVOKE_MS = 1_000;

/**
 * Who may do what, as the application knows it, and since when: the rules on the servers ask it, and what happens is
 * held against it.
 */
export class Rights {
  readonly #now: () => number;
  readonly #judge: Judge;
  /** When the last server was told that it was taken away, by user, and by user and topic. */
  readonly #taken: Map<string, number> = new Map();
  readonly #everTaken: Set<string> = new Set();
  /** Servers that were told that a user is banned. */
  readonly #told: Set<string> = new Set();

  constructor(now: () => number, judge: Judge) {
    this.#now = now;
    this.#judge = judge;
  }

  /** Without a topic, the right to be there at all. */
  take(user: string, topic: Topic | null): void {
    this.#taken.set(nameOf(user, topic), this.#now());
    this.#everTaken.add(nameOf(user, topic));
  }

  giveBack(user: string, topic: Topic | null): void {
    this.#taken.delete(nameOf(user, topic));
    for (const told of this.#told) if (told.startsWith(`${user} at `)) this.#told.delete(told);
  }

  isBanned(user: string): boolean {
    return this.#taken.has(nameOf(user, null));
  }

  mayFollow(user: string, topic: Topic): boolean {
    return !this.#taken.has(nameOf(user, topic));
  }

  wasEverTaken(user: string, topic: Topic | null): boolean {
    return this.#everTaken.has(nameOf(user, topic));
  }

  /** `server` hears of it only now, when it was paused: the time counts from here. */
  toldServer(user: string, topic: Topic | null, server: string): void {
    if (!this.#taken.has(nameOf(user, topic))) return;
    this.#taken.set(nameOf(user, topic), this.#now());
    // It has ended every session of the user.
    if (topic === null) this.#told.add(`${user} at ${server}`);
  }

  /** An event reaches a user. */
  delivered(user: string, topic: Topic, event: TrueEvent): void {
    for (const right of [nameOf(user, topic), nameOf(user, null)]) {
      const since = this.#taken.get(right);
      if (since === undefined || event.at <= since + REVOKE_MS) continue;
      const lateMs = Math.round(event.at - since);
      this.#judge.complain(
        'rights',
        `${user} was given an event of ${topic}, written ${lateMs} ms after ${right} was taken`,
      );
    }
  }

  /** A handler runs for a user. */
  served(user: string, server: string): void {
    if (!this.#told.has(`${user} at ${server}`)) return;
    this.#judge.complain('rights', `${server} runs a call of ${user}, whose sessions it has ended`);
  }
}

function nameOf(user: string, topic: Topic | null): string {
  return topic === null ? `${user}'s access` : `${user}'s ${topic}`;
}
