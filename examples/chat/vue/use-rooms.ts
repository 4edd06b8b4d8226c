import { useStatus, useStream } from '@typewire/vue';
import { type ComputedRef, computed, watchEffect } from 'vue';
import { roomLinks } from '../client/room-links.ts';
import type { Wire } from '../client/wire.ts';
import type { RoomSummary } from '../server/rooms.ts';

/** The rooms one may go to. Reading this stream counts us in the room we are in. */
export function useRooms(wire: Wire, room: () => string): ComputedRef<RoomSummary[]> {
  const { state } = useStatus(wire);
  const { latest, error, restart } = useStream(wire.api.rooms, () => ({ from: room() }), { keep: 1 });

  // A stream ends with the connection it runs on. What it said last stays on the screen until there is another one.
  watchEffect(() => {
    const isCutOff = error.value !== null && error.value.delivery !== 'answered';
    if (isCutOff && state.value === 'open') restart();
  });

  return computed(() => roomLinks(latest.value ?? [], room()));
}
