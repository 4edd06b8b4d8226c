import { describePeople } from '../client/people.ts';
import type { Wire } from '../client/wire.ts';
import { ConnectionBadge } from './connection-badge.tsx';
import { Icon } from './icon.tsx';
import type { Drawer } from './use-drawer.ts';
import { usePeople } from './use-people.ts';

interface RoomHeaderProps {
  wire: Wire;
  room: string;
  me: string;
  drawer: Drawer;
}

export function RoomHeader({ wire, room, me, drawer }: RoomHeaderProps) {
  const people = usePeople(wire, room, me);
  return (
    <header className="room-header">
      <button
        ref={drawer.button}
        className="menu"
        id="menu"
        type="button"
        aria-label="Rooms and people"
        aria-expanded={drawer.isOpen}
        aria-controls="sidebar"
        onClick={drawer.toggle}
      >
        <Icon path="M4 7h16M4 12h16M4 17h16" />
      </button>
      <div className="room-heading">
        <h2 className="room-title" id="room-title">
          {room}
        </h2>
        <p className="room-summary" id="room-summary">
          {describePeople(people)}
        </p>
      </div>
      <ConnectionBadge wire={wire} />
    </header>
  );
}
