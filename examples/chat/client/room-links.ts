import type { RoomSummary } from '../server/rooms.ts';

/** Rooms that are offered before anybody is in them. */
const SUGGESTED = ['lobby', 'design', 'random'];

/** The rooms one may go to: suggested ones, those somebody is in, and the one we are in. */
export function roomLinks(summaries: readonly RoomSummary[], current: string): RoomSummary[] {
  const counts = new Map(summaries.map(({ room, members }) => [room, members]));
  const others = [...new Set([...counts.keys(), current])].filter((room) => !SUGGESTED.includes(room)).sort();
  return [...SUGGESTED, ...others].map((room) => ({ room, members: counts.get(room) ?? 0 }));
}

export function describeCount(members: number): string {
  return members === 1 ? '1 person' : `${members} people`;
}
