import { UsageError } from '@typewire/core';

/** The broker failed a call, which may have been carried out all the same. `cause` is what it rejected with. */
export class BrokerFailure extends Error {
  override readonly name = 'BrokerFailure';
}

/** What callers are told when the broker fails. */
export const UNAVAILABLE_TEXT = 'the broker of the channel does not answer; what was asked of it may have been done';

/** Tells of a broker that fails, once until it answers again: everybody who waits for it would say the same. */
export class BrokerOutage {
  readonly #tell: (error: unknown, topic: string) => void;
  #isTold = false;

  constructor(tell: (error: unknown, topic: string) => void) {
    this.#tell = tell;
  }

  /**
   * The answer of the broker.
   *
   * @throws {BrokerFailure} when it rejects; a mistake in how it was asked passes through.
   */
  async ask<Answer>(call: () => Promise<Answer>): Promise<Answer> {
    try {
      const answer = await call();
      this.#isTold = false;
      return answer;
    } catch (error) {
      if (error instanceof UsageError) throw error;
      throw new BrokerFailure('the broker failed', { cause: error });
    }
  }

  failed({ cause }: BrokerFailure, topic: string): void {
    if (this.#isTold) return;
    this.#isTold = true;
    this.#tell(cause, topic);
  }
}
