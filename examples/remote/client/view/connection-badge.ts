import type { ConnectionStatus } from '@typewire/client';
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
    this.#text.textContent = describe(this.#wire.status, Date.now());
  }
}

function describe({ state, latencyMs, retryAtMs }: ConnectionStatus, now: number): string {
  if (state === 'open') return latencyMs === null ? 'open' : `open · ${formatLatency(latencyMs)}`;
  if (state === 'closed') return 'closed';
  if (!navigator.onLine) return 'offline';
  if (retryAtMs === null) return `${state}…`;
  return `${state} · retry in ${Math.max(1, Math.ceil((retryAtMs - now) / 1_000))} s`;
}

function formatLatency(latencyMs: number): string {
  return latencyMs < 1 ? '<1 ms' : `${Math.round(latencyMs)} ms`;
}
