import type { BrokerEvent, BrokerRead, Position } from '@typewire/core';
import { chainedEnd, follows, positionBefore } from './chain.ts';

export interface MergedPast {
  /** Where the subscriber stands before `events`. */
  readonly start: Position;
  /** Up to where the log stood when it was read. */
  readonly events: readonly BrokerEvent[];
  /** What was heard behind that. */
  readonly after: readonly BrokerEvent[];
}

/**
 * Joins what was read and what was heard meanwhile. Of the events heard, the first `early` came before the reading
 * began; `withHeld` puts them before what was read, where that leaves no hole.
 */
export function mergePast(
  read: BrokerRead,
  held: readonly BrokerEvent[],
  early: number,
  withHeld: boolean,
): MergedPast {
  const { epoch, offset } = read.position;
  // Another log's events: of the one before when they came first, else of the one that followed.
  const known = held.findIndex(({ position }) => position.epoch === epoch);
  const current = held.slice(known === -1 ? early : known);
  const after = current.filter(({ position }) => position.epoch !== epoch || position.offset > offset);
  const events = withHeld ? withHeard(read, current) : read.events;
  const [first] = events;
  return { start: first === undefined ? read.position : positionBefore(first), events, after };
}

/** A log without history gives nothing of what happened since the receiver asked, but it was heard. */
function withHeard({ position, events }: BrokerRead, heard: readonly BrokerEvent[]): readonly BrokerEvent[] {
  const { epoch, offset } = position;
  const first = events[0]?.position.offset ?? offset + 1;
  const before = chainedEnd(heard.filter((event) => event.position.epoch === epoch && event.position.offset < first));
  const last = before.at(-1);
  if (last === undefined) return events;
  const [next] = events;
  const isWhole =
    next === undefined
      ? last.position.tag === position.tag && last.position.offset === offset
      : follows(last.position, next);
  return isWhole ? [...before, ...events] : events;
}
