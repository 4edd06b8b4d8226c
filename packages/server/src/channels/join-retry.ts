import { BrokerFailure } from './broker-outage.ts';
import type { RetryWaits } from './retry-waits.ts';
import type { TopicReceiver } from './topic-receiver.ts';

/** One receiver on its way into a topic: what the broker fails is asked again, until it has left or needs it no more. */
export class JoinRetry {
  readonly #waits: RetryWaits;
  readonly #receiver: TopicReceiver;
  readonly #onFailure: (error: BrokerFailure) => void;
  #isOver = false;
  #wake: () => void = () => {};

  constructor(waits: RetryWaits, receiver: TopicReceiver, onFailure: (error: BrokerFailure) => void) {
    this.#waits = waits;
    this.#receiver = receiver;
    this.#onFailure = onFailure;
  }

  /** Rejects with what is not the broker's failure at once. */
  async run<Answer>(call: () => Promise<Answer>): Promise<Answer> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await call();
      } catch (error) {
        if (!(error instanceof BrokerFailure) || this.#isInVain) throw error;
        this.#onFailure(error);
        await this.#waits.wait(this.#receiver, attempt, (wake) => {
          this.#wake = wake;
        });
        if (this.#isInVain) throw error;
      }
    }
  }

  /** Ends a wait that is under way. */
  end(): void {
    this.#isOver = true;
    this.#wake();
  }

  get #isInVain(): boolean {
    return this.#isOver || this.#receiver.isClosed;
  }
}
