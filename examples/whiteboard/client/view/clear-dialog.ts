import { find } from './dom.ts';

/** Asks before the board is cleared. */
export function confirmClear(): Promise<boolean> {
  const dialog = find('clear-dialog', HTMLDialogElement);
  dialog.returnValue = '';
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => resolve(dialog.returnValue === 'clear'), { once: true });
  });
}
