import { describeConnection } from '../connection-text.ts';
import type { Wire } from '../wire.ts';
import { find } from './dom.ts';

/** How the connection stands, in two words and a number. */
export class ConnectionBadge {
  readonly #badge: HTMLElement = find('badge', HTMLElement);
  readonly #text: HTMLElement = find('badge-text', HTMLElement);
  readonly #wire: Wire;
  #countdown: ReturnType<typeof setInterval> | undefined;

  constructor(wire: Wire) {
    this.#wire = wire;
    wire.on('status', () => this.#update());
    addEventListener('online', () => this.#update());
    addEventListener('offline', () => this.#update());
    this.#update();
  }

  #update(): void {
    const { status } = this.#wire;
    this.#badge.dataset['state'] = status.state;
    this.#badge.title = status.error?.message ?? '';
    clearInterval(this.#countdown);
    this.#show();
    if (status.retryAtMs !== null) this.#countdown = setInterval(() => this.#show(), 250);
  }

  #show(): void {
    this.#text.textContent = describeConnection(this.#wire.status, navigator.onLine, Date.now());
  }
}
