import type { Violation } from './judge.ts';
import type { Item, Schedule } from './schedule.ts';

/** The one line that plays a seed again. */
export function replayLine(seed: number, bug: string | null): string {
  return `npm run simulate -- --seed ${seed} --trace${bug === null ? '' : ` --bug "${bug}"`}`;
}

/** A schedule for people: what there is, and what happens when. */
export function describeSchedule({ settings, items, endMs }: Schedule): string {
  const { servers, clients, serverLatency, brokerLatency, resumableMs, historySize } = settings;
  const devices = clients.map(({ device, isSticky }) => `${device}${isSticky ? '' : ' (any server)'}`).join(', ');
  return [
    `${servers} server(s); clients: ${devices}`,
    `latency up to ${serverLatency.maxMs} ms, to the broker ${brokerLatency.maxMs} ms; sessions kept ${resumableMs} ms; history of ${historySize}`,
    ...items.map(describeItem),
    `${String(endMs).padStart(7)} ms  everything works again`,
  ].join('\n');
}

export function describeViolation({ oracle, text }: Violation): string {
  return `${oracle}: ${text}`;
}

function describeItem({ atMs, type, ...rest }: Item): string {
  const details = Object.entries(rest)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name} ${String(value)}`);
  return `${String(atMs).padStart(7)} ms  ${type}  ${details.join(', ')}`;
}
