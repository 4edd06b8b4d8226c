import { usePresence } from '@typewire/vue';
import { type ComputedRef, computed } from 'vue';
import { REWIND } from '../client/entries.ts';
import { type Person, peopleOf } from '../client/people.ts';
import type { Wire } from '../client/wire.ts';

/** Who is in the room; `null` before it is known. However many components ask, the server is asked once. */
export function usePeople(wire: Wire, room: () => string, me: string): ComputedRef<readonly Person[] | null> {
  const { bySubject } = usePresence(wire.api.room, () => ({ room: room() }), { rewind: REWIND });
  return computed(() => (bySubject.value.size === 0 ? null : peopleOf(bySubject.value, me)));
}
