import type { Entry, Outcome } from './ledger.ts';

export interface Verdict {
  readonly called: number;
  /** How many mutations had which outcome: `resolved`, `DISCONNECTED unknown`, … */
  readonly outcomes: ReadonlyMap<string, number>;
  /** What must not be; each says which mutation. */
  readonly violations: readonly string[];
}

/**
 * Holds what the clients were told against what the servers did: every call settles, none runs twice by itself, one
 * that resolved has run, one that was not sent has not.
 */
export function compareLedgers(clients: readonly Entry[], servers: readonly Entry[]): Verdict {
  const violations: string[] = [];
  const keyed = new Map<number, boolean>();
  const told = new Map<number, Outcome>();
  const runs = new Map<number, number[]>();
  for (const [type, mutation, detail] of clients) {
    if (type === 'called') keyed.set(mutation, detail);
    if (type !== 'settled') continue;
    if (told.has(mutation)) violations.push(`mutation ${mutation} settled twice`);
    told.set(mutation, detail);
  }
  for (const [type, mutation, server] of servers) {
    if (type === 'ran') runs.set(mutation, [...(runs.get(mutation) ?? []), server]);
  }

  const outcomes = new Map<string, number>();
  for (const [mutation, hasKey] of keyed) {
    const outcome = told.get(mutation);
    if (outcome === undefined) {
      violations.push(`mutation ${mutation} never settled`);
      continue;
    }
    const name = nameOf(outcome);
    outcomes.set(name, (outcomes.get(name) ?? 0) + 1);
    violations.push(...judge(mutation, outcome, runs.get(mutation) ?? [], hasKey));
  }
  for (const mutation of runs.keys()) {
    if (!keyed.has(mutation)) violations.push(`mutation ${mutation} ran, and nobody called it`);
  }
  return { called: keyed.size, outcomes, violations };
}

function* judge(mutation: number, outcome: Outcome, servers: readonly number[], hasKey: boolean): Generator<string> {
  const where = `mutation ${mutation} (${nameOf(outcome)}) ran ${servers.length} times, on servers [${servers}]`;
  // A key holds for the memory of one process.
  const distinct = new Set(servers).size;
  if (servers.length > (hasKey ? distinct : 1)) yield where;
  if (outcome === 'resolved' && servers.length === 0) yield where;
  if (outcome !== 'resolved' && outcome.delivery === 'not-sent' && servers.length > 0) yield where;
}

function nameOf(outcome: Outcome): string {
  return outcome === 'resolved' ? outcome : `${outcome.code} ${outcome.delivery}`;
}
