import { usePresence } from '@typewire/react';
import { useEffect, useMemo } from 'react';
import { REWIND } from '../client/entries.ts';
import { Typing } from '../client/typing.ts';
import type { Wire } from '../client/wire.ts';

/** Makes us present in the room, and tells the others whether we are writing. */
export function useTyping(wire: Wire, room: string): Typing {
  const { update } = usePresence(wire.api.room, { room }, { rewind: REWIND });
  const typing = useMemo(() => new Typing((isTyping) => update({ typing: isTyping })), [update]);

  useEffect(() => {
    update({ typing: false });
    return () => typing.stop();
  }, [update, typing]);

  return typing;
}
