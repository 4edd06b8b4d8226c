import { useStatus, useStream } from '@typewire/react';
import { useEffect } from 'react';
import { roomLinks } from '../client/room-links.ts';
import type { Wire } from '../client/wire.ts';
import type { RoomSummary } from '../server/rooms.ts';

/** The rooms one may go to. Reading this stream counts us in the room we are in. */
export function useRooms(wire: Wire, room: string): RoomSummary[] {
  const { state } = useStatus(wire);
  const { latest = [], error, restart } = useStream(wire.api.rooms, { from: room }, { keep: 1 });

  // A stream ends with the connection it runs on. What it said last stays on the screen until there is another one.
  const isCutOff = error !== null && error.delivery !== 'answered';
  useEffect(() => {
    if (isCutOff && state === 'open') restart();
  }, [isCutOff, state, restart]);

  return roomLinks(latest, room);
}
