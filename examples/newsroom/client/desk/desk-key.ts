const PLACE = 'newsroom desk key';

/** What the editor typed in this tab; `null` for a reader. */
export function readDeskKey(): string | null {
  return sessionStorage.getItem(PLACE);
}

export function keepDeskKey(key: string | null): void {
  if (key === null) sessionStorage.removeItem(PLACE);
  else sessionStorage.setItem(PLACE, key);
}
