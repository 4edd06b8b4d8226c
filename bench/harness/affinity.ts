import { spawnSync } from 'node:child_process';

/** Which core a child is kept on; `null` leaves it to the system. */
export interface Cores {
  server: number | null;
  load: number | null;
}

/** The first two cores this process may use, or none where `taskset` or a second core is missing. */
export function separateCores(): Cores {
  const answer = spawnSync('taskset', ['-cp', String(process.pid)], { encoding: 'utf8' });
  const [server = null, load = null] = answer.status === 0 ? readCoreList(answer.stdout) : [];
  return load === null ? { server: null, load: null } : { server, load };
}

/** `pid 7's current affinity list: 0,2-4` → 0 2 3 4. */
export function readCoreList(text: string): number[] {
  const list = text.slice(text.lastIndexOf(':') + 1).trim();
  return list.split(',').flatMap((part) => {
    const [first = Number.NaN, last = first] = part.split('-').map(Number);
    if (!Number.isInteger(first) || !Number.isInteger(last)) return [];
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
}
