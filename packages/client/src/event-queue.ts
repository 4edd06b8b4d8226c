import { callFailure, StreamReader } from '@typewire/core/internal';

/**
 * Events of one async iterator, waiting for its reader. Nothing slows a channel down for one reader, so a reader that
 * falls too far behind fails rather than holding memory or missing events without knowing.
 */
export class EventQueue<Event> extends StreamReader<Event> {
  readonly #max: number;
  readonly #leave: () => void;

  constructor(max: number, leave: () => void) {
    super({ window: Number.POSITIVE_INFINITY, grant: () => {}, cancel: leave });
    this.#max = max;
    this.#leave = leave;
  }

  override push(event: Event): void {
    if (this.queued < this.#max) return super.push(event);
    this.#leave();
    const text = `the reader is more than ${this.#max} events behind: read faster, or raise maxQueuedEvents`;
    this.finish(callFailure('LIMIT_EXCEEDED', text, 'answered'));
  }
}
