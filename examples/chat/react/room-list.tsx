import { addressOf } from '../client/location.ts';
import { describeCount } from '../client/room-links.ts';
import type { Wire } from '../client/wire.ts';
import { useRooms } from './use-rooms.ts';

/** The rooms one may go to, and how many people are in each. */
export function RoomList({ wire, room: current }: { wire: Wire; room: string }) {
  const rooms = useRooms(wire, current);
  return (
    <ul className="rooms" id="rooms">
      {rooms.map(({ room, members }) => (
        <li key={room}>
          <a className="room-link" href={addressOf(room)} aria-current={room === current ? 'page' : undefined}>
            <span className="room-name">{room}</span>
            {members > 0 && (
              <span className="room-count" role="img" aria-label={describeCount(members)}>
                {members}
              </span>
            )}
          </a>
        </li>
      ))}
    </ul>
  );
}
