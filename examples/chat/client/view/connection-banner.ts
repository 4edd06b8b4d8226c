import type { ConnectionStatus } from '@typewire/client';
import { describeTrouble } from '../connection-text.ts';
import type { Wire } from '../wire.ts';
import { find } from './dom.ts';

/** Says what a lost connection means for the reader, and is silent otherwise. */
export class ConnectionBanner {
  readonly #banner: HTMLElement = find('banner', HTMLElement);
  readonly #text: HTMLElement = find('banner-text', HTMLElement);
  readonly #rename: HTMLElement = find('banner-rename', HTMLButtonElement);

  constructor(wire: Wire, onRename: () => void) {
    this.#rename.addEventListener('click', onRename);
    wire.on('status', (status) => this.#show(status));
    this.#show(wire.status);
  }

  #show(status: ConnectionStatus): void {
    const text = describeTrouble(status);
    // Told once per change of state: the countdown is the badge's.
    if (this.#text.textContent !== text) this.#text.textContent = text;
    this.#banner.hidden = text === '';
    this.#rename.hidden = status.state !== 'closed';
  }
}
