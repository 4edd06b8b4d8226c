import type { Change } from './outbox.ts';

const keyOf = (board: string): string => `typewire-whiteboard.outbox.${board}`;

/** Changes of an earlier life of this tab that may not have reached the server. */
export function loadChanges(board: string): Change[] {
  return JSON.parse(sessionStorage.getItem(keyOf(board)) ?? '[]') as Change[];
}

export function saveChanges(board: string, changes: readonly Change[]): void {
  try {
    sessionStorage.setItem(keyOf(board), JSON.stringify(changes));
  } catch {
    // More than the browser keeps: they are sent all the same, as long as the page is open.
  }
}
