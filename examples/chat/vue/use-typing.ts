import { usePresence } from '@typewire/vue';
import { onMounted, onScopeDispose, watch } from 'vue';
import { REWIND } from '../client/entries.ts';
import { Typing } from '../client/typing.ts';
import type { Wire } from '../client/wire.ts';

/** Makes us present in the room, and tells the others whether we are writing. */
export function useTyping(wire: Wire, room: () => string): Typing {
  const { update } = usePresence(wire.api.room, () => ({ room: room() }), { rewind: REWIND });
  const typing = new Typing((isTyping) => update({ typing: isTyping }));
  const enter = (): void => {
    typing.stop();
    update({ typing: false });
  };
  onMounted(enter);
  watch(room, enter);
  onScopeDispose(() => typing.stop());
  return typing;
}
