import type { ConnectionStatus } from '@typewire/client';
import { find } from './dom.ts';

/** What everybody should read now: who has won, or why nothing moves. */
export class Announcer {
  readonly #banner: HTMLElement = find('banner', HTMLElement);
  readonly #connection: HTMLElement = find('connection', HTMLElement);

  winner(text: string): void {
    if (this.#banner.textContent !== text) this.#banner.textContent = text;
    this.#banner.hidden = text === '';
  }

  /** `refusal` says why we do not play, and is empty when we do. */
  connection({ state, error }: ConnectionStatus, refusal: string): void {
    const text = describe(state, error?.message ?? 'for good') || refusal;
    if (this.#connection.textContent !== text) this.#connection.textContent = text;
    this.#connection.hidden = text === '';
  }
}

function describe(state: ConnectionStatus['state'], reason: string): string {
  switch (state) {
    case 'open':
      return '';
    case 'connecting':
      return 'Looking for the arena…';
    case 'reconnecting':
      return 'Connection lost. You play on as soon as it is back.';
    case 'closed':
      return `The server has closed the connection: ${reason}.`;
  }
}
