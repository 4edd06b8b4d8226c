import { onScopeDispose, type Ref, ref } from 'vue';
import { currentRoom, onRoomChange } from '../client/location.ts';

/** The room in the address bar. */
export function useCurrentRoom(): Readonly<Ref<string>> {
  const room = ref(currentRoom());
  onScopeDispose(
    onRoomChange((next) => {
      room.value = next;
    }),
  );
  return room;
}
