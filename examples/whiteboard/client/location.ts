const FALLBACK = 'sketch';

/** The board in the address: `#plans` is the board “plans”. */
export function currentBoard(): string {
  const name = decode(location.hash.slice(1)).trim().toLowerCase();
  return /^[\p{L}\p{N}][\p{L}\p{M}\p{N}_-]{0,23}$/u.test(name) ? name : FALLBACK;
}

/** Another board is another page: nothing of this one is left over. */
export function reloadOnBoardChange(): void {
  const board = currentBoard();
  addEventListener('hashchange', () => {
    if (currentBoard() !== board) location.reload();
  });
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}
