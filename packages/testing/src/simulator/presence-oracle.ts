import type { Judge } from './judge.ts';
import type { SimulatedState } from './service.ts';

/** What one that looks at who is present must be shown when everything is quiet. */
export interface TruePresence {
  /** States by the ids of members. */
  readonly members: ReadonlyMap<string, SimulatedState>;
}

/** What members say of themselves, and whose id is whose. */
export class PresenceOracle {
  readonly #judge: Judge;
  /** Who said it, by the topic and the key of what was said. */
  readonly #said: Map<string, string> = new Map();
  readonly #owners: Map<string, string> = new Map();

  constructor(judge: Judge) {
    this.#judge = judge;
  }

  said(topic: string, { key, user }: SimulatedState): void {
    this.#said.set(`${topic} ${key}`, user);
  }

  /** Somebody is told that a member is like this. */
  shown(name: string, topic: string, id: string, { key, user }: SimulatedState): void {
    if (this.#said.get(`${topic} ${key}`) !== user)
      this.#complain(`${name} was shown ${key}, which ${user} never said`);
    const owner = this.#owners.get(id) ?? user;
    this.#owners.set(id, owner);
    if (owner !== user) this.#complain(`${name} was shown ${user} as ${id}, which is ${owner}`);
  }

  /** `members` is what others of its client have been told already. */
  look(name: string, topic: string, members: ReadonlyMap<string, SimulatedState>): PresenceLook {
    return new PresenceLook(name, topic, members, this, (text) => this.#complain(text));
  }

  #complain(text: string): void {
    this.#judge.complain('presence', text);
  }
}

/**
 * What one that looks is told: who joins was not there, who changes or leaves was, and leaves as it was last shown. When
 * everything is quiet it sees who is truly present, and nobody else.
 */
export class PresenceLook {
  readonly #name: string;
  readonly #topic: string;
  readonly #oracle: PresenceOracle;
  readonly #complain: (text: string) => void;
  readonly #shown: Map<string, SimulatedState>;
  #isRefused = false;

  constructor(
    name: string,
    topic: string,
    members: ReadonlyMap<string, SimulatedState>,
    oracle: PresenceOracle,
    complain: (text: string) => void,
  ) {
    this.#shown = new Map(members);
    this.#name = name;
    this.#topic = topic;
    this.#oracle = oracle;
    this.#complain = (text) => complain(`${name} ${text}`);
  }

  /** It may not see who is present. */
  get isRefused(): boolean {
    return this.#isRefused;
  }

  join(id: string, state: SimulatedState): void {
    if (this.#shown.has(id)) this.#complain(`was told that ${id} joined, twice`);
    this.#show(id, state);
  }

  update(id: string, state: SimulatedState): void {
    if (!this.#shown.has(id)) this.#complain(`was told that ${id} changed, who is not there`);
    this.#show(id, state);
  }

  leave(id: string, state: SimulatedState): void {
    const last = this.#shown.get(id);
    if (last === undefined) this.#complain(`was told that ${id} left, who is not there`);
    else if (last.key !== state.key) this.#complain(`was told that ${id} left as ${state.key}, and knew ${last.key}`);
    this.#shown.delete(id);
  }

  refused(): void {
    this.#isRefused = true;
  }

  /** What is not yet as it should be; `members` is what the client shows besides what it told. */
  settled(members: ReadonlyMap<string, SimulatedState>, truth: TruePresence): string | null {
    const [shown, told, expected] = [describe(members), describe(this.#shown), describe(truth.members)];
    if (shown !== told) this.#complain(`shows ${shown}, and told ${told}`);
    return shown === expected ? null : `${this.#name} sees ${shown} on ${this.#topic}, where ${expected} are present`;
  }

  #show(id: string, state: SimulatedState): void {
    this.#shown.set(id, state);
    this.#oracle.shown(this.#name, this.#topic, id, state);
  }
}

function describe(members: ReadonlyMap<string, SimulatedState>): string {
  const lines = Array.from(members, ([id, { key }]) => `${id.replace(/_+$/, '')}=${key}`);
  return lines.length === 0 ? 'nobody' : lines.sort().join(' ');
}
