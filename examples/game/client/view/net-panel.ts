import { find } from './dom.ts';

export interface NetFigures {
  readonly latencyMs: number | null;
  readonly unconfirmed: number;
  readonly correction: number;
  readonly bytesPerSecond: number;
  readonly snapshotsPerSecond: number;
}

/** How the network is doing, a few times a second: more often nobody can read it. */
export class NetPanel {
  readonly #latency: HTMLElement = find('net-latency', HTMLElement);
  readonly #unconfirmed: HTMLElement = find('net-unconfirmed', HTMLElement);
  readonly #correction: HTMLElement = find('net-correction', HTMLElement);
  readonly #rate: HTMLElement = find('net-rate', HTMLElement);
  #nextMs = 0;

  show(nowMs: number, figures: NetFigures): void {
    if (nowMs < this.#nextMs) return;
    this.#nextMs = nowMs + 250;
    const { latencyMs, unconfirmed, correction, bytesPerSecond, snapshotsPerSecond } = figures;
    this.#latency.textContent = latencyMs === null ? '–' : `${latencyMs < 1 ? '<1' : Math.round(latencyMs)} ms`;
    this.#unconfirmed.textContent = String(unconfirmed);
    this.#correction.textContent = `${correction.toFixed(1)} units`;
    this.#rate.textContent = `${snapshotsPerSecond}/s · ${(bytesPerSecond / 1_000).toFixed(1)} kB/s`;
  }
}
