import { useStatus } from '@typewire/react';
import { useEffect, useState } from 'react';
import { changeName } from '../client/identity.ts';
import { titleOf } from '../client/location.ts';
import type { Wire } from '../client/wire.ts';
import { Composer } from './composer.tsx';
import { ConnectionBanner } from './connection-banner.tsx';
import { MessageList } from './message-list.tsx';
import { NameDialog } from './name-dialog.tsx';
import { RoomHeader } from './room-header.tsx';
import { Sidebar } from './sidebar.tsx';
import { TypingLine } from './typing-line.tsx';
import { useCurrentRoom } from './use-current-room.ts';
import { useDrawer } from './use-drawer.ts';
import { useOutbox } from './use-outbox.ts';

interface ChatProps {
  me: string;
  wire: Wire;
}

/** The chat of one person in this page. */
export function Chat({ me, wire }: ChatProps) {
  const room = useCurrentRoom();
  const { state } = useStatus(wire);
  const outbox = useOutbox(wire, me);
  const drawer = useDrawer(room);
  const [isRenaming, setIsRenaming] = useState(false);
  const rename = (): void => setIsRenaming(true);

  useEffect(() => {
    document.title = titleOf(room);
  }, [room]);

  return (
    <>
      <div className="app" id="app" data-connection={state}>
        <Sidebar wire={wire} room={room} me={me} isOpen={drawer.isOpen} onRename={rename} />
        <div className="backdrop" id="backdrop" aria-hidden="true" onClick={drawer.close} />
        <main className="room">
          <RoomHeader wire={wire} room={room} me={me} drawer={drawer} />
          <ConnectionBanner wire={wire} onRename={rename} />
          {/* Another room is another list: nothing of the last one is left in it. */}
          <MessageList key={room} wire={wire} room={room} me={me} outbox={outbox} />
          <TypingLine wire={wire} room={room} me={me} />
          <Composer wire={wire} room={room} onSend={(text) => outbox.send(room, text)} />
        </main>
      </div>
      {isRenaming && <NameDialog current={me} onName={changeName} onCancel={() => setIsRenaming(false)} />}
    </>
  );
}
