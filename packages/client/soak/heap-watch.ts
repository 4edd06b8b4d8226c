/** The heap of this process, where the clients live. */
export class HeapWatch {
  readonly #samples: number[] = [];

  sample(): void {
    globalThis.gc?.();
    this.#samples.push(process.memoryUsage().heapUsed);
  }

  /** From a quarter of the run on: before, code is compiled and caches fill. */
  get growthBytes(): number {
    const first = this.#samples[Math.floor(this.#samples.length / 4)] ?? 0;
    return (this.#samples.at(-1) ?? 0) - first;
  }

  describe(): string {
    return `${this.#samples.map((bytes) => (bytes / 1_048_576).toFixed(2)).join(' → ')} MiB`;
  }
}
