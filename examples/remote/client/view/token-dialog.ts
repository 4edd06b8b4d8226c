import { find } from './dom.ts';

/** Asks for a token until there is one. `reason` says why. */
export function askToken(reason: string): Promise<string> {
  const dialog = find('token-dialog', HTMLDialogElement);
  const form = find('token-form', HTMLFormElement);
  const input = find('token-input', HTMLInputElement);
  find('token-reason', HTMLElement).textContent = reason;
  dialog.addEventListener('cancel', (event) => event.preventDefault());
  dialog.showModal();
  return new Promise((resolve) => {
    form.addEventListener(
      'submit',
      (event) => {
        event.preventDefault();
        dialog.close();
        resolve(input.value.trim());
      },
      { once: true },
    );
  });
}
