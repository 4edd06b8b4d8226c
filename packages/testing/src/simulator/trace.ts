/** What happened, line by line, and one number that differs when anything of it does. */
export class Trace {
  readonly #now: () => number;
  readonly #keepsLines: boolean;
  readonly #startMs: number;
  readonly #lines: string[] = [];
  #first = 0x811c_9dc5;
  #second = 0x1b87_3593;

  constructor(now: () => number, keepsLines: boolean) {
    this.#now = now;
    this.#keepsLines = keepsLines;
    this.#startMs = now();
  }

  get lines(): readonly string[] {
    return this.#lines;
  }

  get hash(): string {
    return [this.#first, this.#second].map((half) => (half >>> 0).toString(16).padStart(8, '0')).join('');
  }

  add(who: string, what: string): void {
    const line = `${(this.#now() - this.#startMs).toFixed(3).padStart(11)} ${who} ${what}`;
    for (let index = 0; index < line.length; index++) {
      const unit = line.charCodeAt(index);
      this.#first = Math.imul(this.#first ^ unit, 0x0100_0193);
      this.#second = Math.imul(this.#second ^ unit, 0x85eb_ca6b) + 1;
    }
    if (this.#keepsLines) this.#lines.push(line);
  }
}
