import { useSyncExternalStore } from 'react';
import { currentRoom, onRoomChange } from '../client/location.ts';

/** The room in the address bar. */
export function useCurrentRoom(): string {
  return useSyncExternalStore(onRoomChange, currentRoom);
}
