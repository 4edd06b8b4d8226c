import { usePresence } from '@typewire/react';
import { useMemo } from 'react';
import { REWIND } from '../client/entries.ts';
import { type Person, peopleOf } from '../client/people.ts';
import type { Wire } from '../client/wire.ts';

/** Who is in the room; `null` before it is known. However many components ask, the server is asked once. */
export function usePeople(wire: Wire, room: string, me: string): readonly Person[] | null {
  const { bySubject } = usePresence(wire.api.room, { room }, { rewind: REWIND });
  return useMemo(() => (bySubject.size === 0 ? null : peopleOf(bySubject, me)), [bySubject, me]);
}
