interface ScheduledEvent {
  readonly at: number;
  readonly order: number;
  run: (() => void) | null;
}

/**
 * The one clock of a simulation. Everything that happens is an event on it; time jumps from one to the next, and
 * between two of them every promise that can settle has settled.
 */
export class VirtualClock {
  #now = 1_000_000;
  #order = 0;
  /** A binary heap: the earliest first, of equal ones the one that was scheduled first. */
  readonly #heap: ScheduledEvent[] = [];
  #events = 0;

  readonly now = (): number => this.#now;

  /** Events that have run. */
  get events(): number {
    return this.#events;
  }

  /** Runs `run` at the moment `at`, or next when that is past. The returned function takes it back. */
  schedule(at: number, run: () => void): () => void {
    const event: ScheduledEvent = { at: Math.max(at, this.#now), order: this.#order++, run };
    this.#push(event);
    return () => {
      event.run = null;
    };
  }

  /** Runs everything due up to `until`, each event in a turn of the event loop of its own; stops early at `isDone`. */
  async runUntil(until: number, isDone: () => boolean = () => false): Promise<void> {
    await turn();
    for (let event = this.#heap[0]; event !== undefined && event.at <= until; event = this.#heap[0]) {
      this.#pop();
      const { run } = event;
      if (run === null) continue;
      this.#now = event.at;
      this.#events++;
      run();
      await turn();
      if (isDone()) return;
    }
    this.#now = Math.max(this.#now, until);
  }

  #push(event: ScheduledEvent): void {
    const heap = this.#heap;
    let index = heap.length;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!isBefore(event, heap[parent] as ScheduledEvent)) break;
      heap[index] = heap[parent] as ScheduledEvent;
      index = parent;
    }
    heap[index] = event;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop() as ScheduledEvent;
    if (heap.length === 0) return;
    let index = 0;
    for (;;) {
      let child = index * 2 + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1] as ScheduledEvent, heap[child] as ScheduledEvent))
        child++;
      if (!isBefore(heap[child] as ScheduledEvent, last)) break;
      heap[index] = heap[child] as ScheduledEvent;
      index = child;
    }
    heap[index] = last;
  }
}

function isBefore(one: ScheduledEvent, other: ScheduledEvent): boolean {
  return one.at < other.at || (one.at === other.at && one.order < other.order);
}

/** Resolves when no promise is left that could settle by itself: the platform runs them all before its next immediate. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
