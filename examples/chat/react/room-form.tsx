import { useState } from 'react';
import { addressOf, roomNameOf } from '../client/location.ts';
import { Icon } from './icon.tsx';

/** Goes to a room by its name, which need not exist. */
export function RoomForm() {
  const [text, setText] = useState('');

  function go(): void {
    const room = roomNameOf(text);
    setText('');
    if (room !== '') location.hash = addressOf(room);
  }

  return (
    <form
      className="room-form"
      id="room-form"
      onSubmit={(event) => {
        event.preventDefault();
        go();
      }}
    >
      <input
        id="room-input"
        aria-label="Name of a room to enter or create"
        placeholder="Enter or create a room"
        maxLength={24}
        autoComplete="off"
        autoCapitalize="none"
        required
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <button type="submit" aria-label="Enter the room" title="Enter the room">
        <Icon path="M5 12h14m-6-6 6 6-6 6" />
      </button>
    </form>
  );
}
