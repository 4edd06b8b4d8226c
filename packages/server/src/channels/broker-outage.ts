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

  answered(): void {
    this.#isTold = false;
  }

  failed({ cause }: BrokerFailure, topic: string): void {
    if (this.#isTold) return;
    this.#isTold = true;
    this.#tell(cause, topic);
  }
}
