import type { BrokerEvent, Position } from '@typewire/core';

/** Whether nothing can lie between a position and an event: the offset follows, and the tag says on what. */
export function follows(at: Position, { position, previousTag }: BrokerEvent): boolean {
  return position.epoch === at.epoch && position.offset === at.offset + 1 && previousTag === at.tag;
}

export function isSame(one: Position, other: Position): boolean {
  return one.offset === other.offset && one.tag === other.tag && one.epoch === other.epoch;
}

export function positionBefore({ position, previousTag }: BrokerEvent): Position {
  return { epoch: position.epoch, offset: position.offset - 1, tag: previousTag };
}

/** How many events lie between two positions, as far as their offsets tell; `null` when they do not. */
export function countBetween(from: Position, to: Position): number | null {
  return from.epoch === to.epoch && to.offset > from.offset ? to.offset - from.offset : null;
}

/** The longest end of `events` in which each follows the one before. */
export function chainedEnd(events: readonly BrokerEvent[]): readonly BrokerEvent[] {
  let start = events.length - 1;
  while (start > 0 && follows((events[start - 1] as BrokerEvent).position, events[start] as BrokerEvent)) start--;
  return events.slice(Math.max(start, 0));
}

/** Index of the last event that stands at a position or before it in its epoch, as far as offsets tell; -1 for none. */
export function lastUpTo(events: readonly BrokerEvent[], { epoch, offset }: Position): number {
  return events.findLastIndex(({ position }) => position.epoch === epoch && position.offset <= offset);
}
