const KEY = 'typewire-chat.name';

/** Longest name the server takes. */
export const MAX_NAME_LENGTH = 24;

/** The name chosen in this tab; of the tab and not of the browser, so that two tabs can be two people. */
export function loadName(): string | null {
  return sessionStorage.getItem(KEY);
}

export function saveName(name: string): void {
  sessionStorage.setItem(KEY, name);
}

/** A connection is one person's for good: another name is another connection. */
export function changeName(name: string): void {
  saveName(name);
  location.reload();
}
