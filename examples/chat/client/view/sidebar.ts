import { createAvatar } from './avatar.ts';
import { find } from './dom.ts';

/** The sidebar: beside the room where there is space, a drawer over it on a phone. */
export class Sidebar {
  readonly #sidebar: HTMLElement = find('sidebar', HTMLElement);
  readonly #menu: HTMLButtonElement = find('menu', HTMLButtonElement);

  constructor(me: string, onRename: () => void) {
    const name = find('me-name', HTMLElement);
    name.textContent = me;
    name.before(createAvatar(me));
    find('rename', HTMLButtonElement).addEventListener('click', onRename);
    this.#menu.addEventListener('click', () => this.#toggle(!this.#isOpen));
    find('backdrop', HTMLElement).addEventListener('click', () => this.close());
    document.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || !this.#isOpen) return;
      this.close();
      this.#menu.focus();
    });
  }

  close(): void {
    this.#toggle(false);
  }

  get #isOpen(): boolean {
    return this.#sidebar.classList.contains('open');
  }

  #toggle(isOpen: boolean): void {
    this.#sidebar.classList.toggle('open', isOpen);
    this.#menu.setAttribute('aria-expanded', String(isOpen));
  }
}
