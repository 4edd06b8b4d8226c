/** Where one lands without a room in the address. */
export const HOME = 'lobby';

/** Longest name of a room the server takes, in UTF-16 units. */
const MAX_LENGTH = 24;

/** Makes a room's name of what somebody typed: `Team Blue!` is `team-blue`. Empty when nothing usable is left. */
export function roomNameOf(text: string): string {
  return text
    .normalize('NFC')
    .trim()
    .toLowerCase()
    .replace(/\s+/g, '-')
    .slice(0, MAX_LENGTH)
    .replace(/[^\p{L}\p{M}\p{N}_-]/gu, '')
    .replace(/^[^\p{L}\p{N}]+/u, '');
}

export function addressOf(room: string): string {
  return `#${encodeURIComponent(room)}`;
}

/** The room in the address bar. */
export function currentRoom(): string {
  return roomNameOf(decode(location.hash.slice(1))) || HOME;
}

/** Calls `listener` with each room one goes to, by a link, by hand or through the history, until the returned function is called. */
export function onRoomChange(listener: (room: string) => void): () => void {
  const changed = (): void => listener(currentRoom());
  addEventListener('hashchange', changed);
  return () => removeEventListener('hashchange', changed);
}

export function titleOf(room: string): string {
  return `${room} · Typewire chat`;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
