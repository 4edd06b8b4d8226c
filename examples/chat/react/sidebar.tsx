import type { Wire } from '../client/wire.ts';
import { Avatar } from './avatar.tsx';
import { Logo } from './logo.tsx';
import { MemberList } from './member-list.tsx';
import { PageLinks } from './page-links.tsx';
import { RoomForm } from './room-form.tsx';
import { RoomList } from './room-list.tsx';

interface SidebarProps {
  wire: Wire;
  room: string;
  me: string;
  isOpen: boolean;
  onRename: () => void;
}

/** Beside the room where there is space, a drawer over it on a phone. */
export function Sidebar({ wire, room, me, isOpen, onRename }: SidebarProps) {
  return (
    <aside className={isOpen ? 'sidebar open' : 'sidebar'} id="sidebar" aria-label="Rooms and people">
      <header className="brand">
        <Logo />
        <h1>
          Typewire <span>chat</span>
        </h1>
      </header>
      <div className="sidebar-scroll">
        <nav aria-labelledby="rooms-title">
          <h2 className="section-title" id="rooms-title">
            Rooms
          </h2>
          <RoomList wire={wire} room={room} />
          <RoomForm />
        </nav>
        <section aria-labelledby="members-title">
          <h2 className="section-title" id="members-title">
            Here now
          </h2>
          <MemberList wire={wire} room={room} me={me} />
        </section>
      </div>
      <footer className="me">
        <Avatar name={me} />
        <span className="me-name" id="me-name" dir="auto">
          {me}
        </span>
        <button className="link-button" id="rename" type="button" onClick={onRename}>
          Change name
        </button>
      </footer>
      <PageLinks room={room} />
    </aside>
  );
}
