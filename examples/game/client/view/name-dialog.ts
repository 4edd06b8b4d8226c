import { MAX_NAME_LENGTH } from '../identity.ts';
import { find } from './dom.ts';

/** Asks for a name. Resolves with `null` when it is left without one, which only somebody who has a name may. */
export function askName(current: string | null): Promise<string | null> {
  const dialog = find('name-dialog', HTMLDialogElement);
  const form = find('name-form', HTMLFormElement);
  const input = find('name-input', HTMLInputElement);
  const cancel = find('name-cancel', HTMLButtonElement);
  const listening = new AbortController();
  const { signal } = listening;
  input.maxLength = MAX_NAME_LENGTH;
  input.value = current ?? '';
  cancel.hidden = current === null;
  dialog.showModal();
  input.focus();
  input.select();
  return new Promise<string | null>((resolve) => {
    const finish = (name: string | null): void => {
      listening.abort();
      dialog.close();
      resolve(name);
    };
    form.addEventListener(
      'submit',
      (event) => {
        event.preventDefault();
        const name = input.value.trim();
        if (name === '') input.value = '';
        else finish(name);
      },
      { signal },
    );
    cancel.addEventListener('click', () => finish(null), { signal });
    dialog.addEventListener(
      'cancel',
      (event) => {
        event.preventDefault();
        if (current !== null) finish(null);
      },
      { signal },
    );
  });
}
