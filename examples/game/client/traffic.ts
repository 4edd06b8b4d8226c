/** What has come in within the last second. */
export class Traffic {
  readonly #arrivals: Array<{ readonly atMs: number; readonly bytes: number }> = [];

  add(bytes: number, nowMs: number): void {
    this.#arrivals.push({ atMs: nowMs, bytes });
    this.#forget(nowMs);
  }

  perSecond(nowMs: number): { readonly messages: number; readonly bytes: number } {
    this.#forget(nowMs);
    const bytes = this.#arrivals.reduce((sum, arrival) => sum + arrival.bytes, 0);
    return { messages: this.#arrivals.length, bytes };
  }

  #forget(nowMs: number): void {
    while ((this.#arrivals[0]?.atMs ?? nowMs) < nowMs - 1_000) this.#arrivals.shift();
  }
}
