const NAME_KEY = 'typewire-game.name';
const SECRET_KEY = 'typewire-game.secret';

/** Longest name the server takes. */
export const MAX_NAME_LENGTH = 16;

/** The name chosen in this tab; of the tab and not of the browser, so that two tabs can be two people. */
export function loadName(): string | null {
  return sessionStorage.getItem(NAME_KEY);
}

export function saveName(name: string): void {
  sessionStorage.setItem(NAME_KEY, name);
}

/** What makes our player ours, in this tab and after a reload of it. */
export function loadSecret(): string {
  const secret = sessionStorage.getItem(SECRET_KEY) ?? createId();
  sessionStorage.setItem(SECRET_KEY, secret);
  return secret;
}

/** Not `crypto.randomUUID`, which a page on plain HTTP has on localhost only. */
export function createId(): string {
  return Array.from(crypto.getRandomValues(new Uint32Array(4)), (word) => word.toString(36)).join('');
}
