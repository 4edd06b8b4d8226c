import type { Trace } from './trace.ts';

/** A promise of the product that was not kept. */
export interface Violation {
  /** Which oracle saw it. */
  readonly oracle: string;
  readonly text: string;
}

/** Hears every oracle; the first to complain decides. */
export class Judge {
  readonly #trace: Trace;
  #violation: Violation | null = null;

  constructor(trace: Trace) {
    this.#trace = trace;
  }

  get violation(): Violation | null {
    return this.#violation;
  }

  readonly complain = (oracle: string, text: string): void => {
    this.#trace.add('VIOLATION', `${oracle}: ${text}`);
    this.#violation ??= { oracle, text };
  };

  /** Something threw where nothing may. */
  readonly uncaught = (error: unknown): void => {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.complain('uncaught', text);
  };
}
