import type { Command } from '../../shared/command.ts';
import type { Device } from '../devices.ts';
import { find } from './dom.ts';

/** Which command, with which arguments, on the device that is chosen. */
export class CommandForm {
  readonly #form: HTMLFormElement = find('command', HTMLFormElement);
  readonly #title: HTMLElement = find('device-title', HTMLElement);
  readonly #platform: HTMLElement = find('device-platform', HTMLElement);
  readonly #console: HTMLElement = find('console', HTMLElement);

  constructor(run: (command: Command) => void) {
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      run(this.#read());
    });
    this.#form.addEventListener('change', () => this.#showArguments());
    this.#showArguments();
  }

  /** `device` is `null` when the one that is chosen is not there now. */
  show(name: string | null, device: Device | null): void {
    this.#console.hidden = name === null;
    this.#title.textContent = name ?? '';
    this.#platform.textContent = device?.platform ?? 'not there now';
    for (const choice of this.#form.querySelectorAll<HTMLInputElement>('input[name="name"]')) {
      choice.disabled = device !== null && !device.commands.some((command) => command === choice.value);
    }
  }

  #read(): Command {
    const fields = new FormData(this.#form);
    const number = (name: string): number => Number(fields.get(name));
    const name = fields.get('name') as Command['name'];
    switch (name) {
      case 'tail':
        return { name, log: fields.get('log') as 'device' | 'system', lines: number('lines') };
      case 'count':
        return { name, to: number('to'), everyMs: number('everyMs') };
      default:
        return { name };
    }
  }

  #showArguments(): void {
    const { name } = this.#read();
    for (const fieldset of this.#form.querySelectorAll<HTMLFieldSetElement>('fieldset[data-for]')) {
      const isShown = fieldset.dataset['for'] === name;
      fieldset.hidden = !isShown;
      // What does not show is not checked either.
      fieldset.disabled = !isShown;
    }
  }
}
