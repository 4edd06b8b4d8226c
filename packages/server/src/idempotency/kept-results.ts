import { type Outcome, sizeOf } from './outcome.ts';
import { OwnedQueue } from './owned-queue.ts';
import type { Owner } from './owner.ts';

/** What is remembered of a mutation that has ended. */
export interface KeptResult {
  /** Of the input it ran with. */
  readonly fingerprint: string;
  /** `null` when it was too large to be kept: then it is known only that the mutation ran. */
  readonly outcome: Outcome | null;
}

export interface KeptResultsLimits {
  readonly keepMs: number;
  readonly maxResults: number;
  readonly maxResultsPerClient: number;
  readonly maxResultSize: number;
  readonly maxTotalSize: number;
  readonly maxTotalSizePerClient: number;
}

interface Entry {
  readonly name: string;
  readonly fingerprint: string;
  readonly until: number;
  outcome: Outcome | null;
}

/**
 * What came of mutations with an idempotency key, in the memory of this process, for repeats. Beyond the bounds of size
 * the oldest outcomes go, and it stays known that their mutations ran; beyond those of number, that goes too.
 */
export class KeptResults {
  readonly #limits: KeptResultsLimits;
  readonly #byName: Map<string, Entry> = new Map();
  readonly #entries: OwnedQueue<Entry>;
  readonly #outcomes: OwnedQueue<Entry>;

  constructor(limits: KeptResultsLimits) {
    this.#limits = limits;
    const { maxResults, maxResultsPerClient, maxTotalSize, maxTotalSizePerClient } = limits;
    this.#entries = new OwnedQueue({ max: maxResults, maxPerOwner: maxResultsPerClient }, (entry) => {
      this.#outcomes.delete(entry);
      this.#byName.delete(entry.name);
    });
    this.#outcomes = new OwnedQueue({ max: maxTotalSize, maxPerOwner: maxTotalSizePerClient }, (entry) => {
      entry.outcome = null;
    });
  }

  get count(): number {
    return this.#entries.size;
  }

  /** Size of the outcomes, in UTF-16 units. */
  get size(): number {
    return this.#outcomes.weight;
  }

  /** `name` is the owner, path and key in one. */
  find(name: string, now: number): KeptResult | undefined {
    const entry = this.#byName.get(name);
    return entry !== undefined && entry.until > now ? entry : undefined;
  }

  keep(name: string, owner: Owner, fingerprint: string, outcome: Outcome, now: number): void {
    const before = this.#byName.get(name);
    if (before !== undefined) {
      this.#entries.delete(before);
      this.#outcomes.delete(before);
    }
    const size = sizeOf(outcome);
    const isKept = size <= this.#limits.maxResultSize;
    const entry: Entry = { name, fingerprint, until: now + this.#limits.keepMs, outcome: isKept ? outcome : null };
    this.#byName.set(name, entry);
    if (isKept) this.#outcomes.add(entry, owner, size);
    this.#entries.add(entry, owner, 1);
  }

  /** Forgets what is older than `keepMs`. */
  tick(now: number): void {
    this.#entries.evictWhile((entry) => entry.until <= now);
  }

  clear(): void {
    this.#entries.evictWhile(() => true);
  }
}
