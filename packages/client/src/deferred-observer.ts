import type { CallError, Position, SubscribeOutcome } from '@typewire/core';
import type { SubscriptionObserver } from '@typewire/core/internal';

/**
 * Holds what a topic tells until `release`: a topic that runs already tells a new subscriber at once where it stands,
 * and whoever asked gets the chance to attach listeners first.
 */
export class DeferredObserver implements SubscriptionObserver {
  readonly #observer: SubscriptionObserver;
  #held: Array<() => void> | null = [];

  constructor(observer: SubscriptionObserver) {
    this.#observer = observer;
  }

  /** Tells what was held, in order; what follows is told at once. */
  release(): void {
    const held = this.#held ?? [];
    this.#held = null;
    for (const tell of held) tell();
  }

  subscribed(outcome: SubscribeOutcome, position: Position): void {
    if (this.#held === null) this.#observer.subscribed(outcome, position);
    else this.#held.push(() => this.#observer.subscribed(outcome, position));
  }

  event(event: unknown, position: Position): void {
    if (this.#held === null) this.#observer.event(event, position);
    else this.#held.push(() => this.#observer.event(event, position));
  }

  gap(position: Position, missed: number | null): void {
    if (this.#held === null) this.#observer.gap(position, missed);
    else this.#held.push(() => this.#observer.gap(position, missed));
  }

  snapshot(state: unknown, position: Position): void {
    if (this.#held === null) this.#observer.snapshot(state, position);
    else this.#held.push(() => this.#observer.snapshot(state, position));
  }

  interrupted(): void {
    if (this.#held === null) this.#observer.interrupted();
    else this.#held.push(() => this.#observer.interrupted());
  }

  ended(error: CallError | null): void {
    if (this.#held === null) this.#observer.ended(error);
    else this.#held.push(() => this.#observer.ended(error));
  }
}
