import type { ConnectionStatus } from '@typewire/client';
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
    const text = describe(status);
    // Told once per change of state: the countdown is the badge's.
    if (this.#text.textContent !== text) this.#text.textContent = text;
    this.#banner.hidden = text === '';
    this.#rename.hidden = status.state !== 'closed';
  }
}

function describe({ state, attempt, error }: ConnectionStatus): string {
  switch (state) {
    case 'open':
      return '';
    case 'connecting':
      return attempt === 0 ? '' : 'The server cannot be reached. Trying again…';
    case 'reconnecting':
      return 'Connection lost. What you write is kept, and sent when it is back.';
    case 'closed':
      return `The server has closed the connection: ${error?.message ?? 'for good'}.`;
  }
}
