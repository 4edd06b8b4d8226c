import type { Item, Schedule } from './schedule.ts';

/** Whether a schedule still fails in the way that is being looked for. */
export type Fails = (schedule: Schedule) => Promise<boolean>;

export interface Shrunk {
  readonly schedule: Schedule;
  /** How many schedules were tried. */
  readonly runs: number;
}

/**
 * Takes away what a failure does not need: ever smaller parts of the schedule, as long as it fails without them, then
 * servers and clients, then the time behind the last item.
 */
export async function shrink(schedule: Schedule, fails: Fails, maxRuns = 400): Promise<Shrunk> {
  let runs = 0;
  let best = schedule;
  const keep = async (candidate: Schedule): Promise<boolean> => {
    if (runs >= maxRuns) return false;
    runs++;
    if (!(await fails(candidate))) return false;
    best = candidate;
    return true;
  };
  const withItems = (items: readonly Item[]): Schedule => ({ ...best, items });

  let size = Math.ceil(best.items.length / 2);
  while (size >= 1 && runs < maxRuns) {
    const before = best.items.length;
    // From the end: what comes last most often has nothing to do with it.
    for (let end = best.items.length; end > 0; end -= size) {
      const start = Math.max(0, end - size);
      await keep(withItems([...best.items.slice(0, start), ...best.items.slice(end)]));
    }
    // One by one until nothing goes any more: what one needed may have gone after it was tried.
    if (size > 1) size = Math.ceil(size / 2);
    else if (best.items.length === before) size = 0;
  }
  for (const candidate of smallerWorlds(best)) await keep({ ...best, settings: candidate(best).settings });
  const lastMs = best.items.at(-1)?.atMs ?? 0;
  await keep({ ...best, endMs: Math.min(best.endMs, lastMs + 1_000) });
  return { schedule: best, runs };
}

/** One server or one client less, as often as there are any: who is gone does nothing. */
function smallerWorlds({ settings }: Schedule): Array<(schedule: Schedule) => Schedule> {
  const servers = Array.from({ length: settings.servers - 1 }, () => (schedule: Schedule): Schedule => {
    return { ...schedule, settings: { ...schedule.settings, servers: schedule.settings.servers - 1 } };
  });
  const clients = Array.from({ length: settings.clients.length - 1 }, () => (schedule: Schedule): Schedule => {
    return { ...schedule, settings: { ...schedule.settings, clients: schedule.settings.clients.slice(0, -1) } };
  });
  return [...servers, ...clients];
}
