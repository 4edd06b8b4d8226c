import type { Wire } from '../client/wire.ts';
import { Avatar } from './avatar.tsx';
import { usePeople } from './use-people.ts';

interface MemberListProps {
  wire: Wire;
  room: string;
  me: string;
}

/** Who is in the room. */
export function MemberList({ wire, room, me }: MemberListProps) {
  const people = usePeople(wire, room, me) ?? [];
  return (
    <ul className="members" id="members" aria-labelledby="members-title">
      {people.map(({ name, isTyping }) => (
        <li key={name} className={isTyping ? 'member typing' : 'member'} title={name}>
          <Avatar name={name} />
          <span className="member-name" dir="auto">
            {name}
          </span>
          {name === me && <span className="member-you">you</span>}
        </li>
      ))}
    </ul>
  );
}
