import type { Owner } from './owner.ts';

export interface QueueBounds {
  /** Greatest weight of all items together … */
  readonly max: number;
  /** … and of those of one owner. */
  readonly maxPerOwner: number;
}

interface Place {
  readonly owner: Owner;
  readonly weight: number;
}

interface Share<Item> {
  readonly items: Set<Item>;
  weight: number;
}

/**
 * Items of many owners in the order in which they came, bounded so that none takes the place of all. An owner with too
 * much loses its own oldest. With too much over all, those go first whose owners nobody knows: whoever has no account
 * can be many, and must not push out those who have one.
 */
export class OwnedQueue<Item> {
  readonly #bounds: QueueBounds;
  readonly #evicted: (item: Item) => void;
  readonly #known: Map<Item, Place> = new Map();
  readonly #unknown: Map<Item, Place> = new Map();
  readonly #shares: Map<string, Share<Item>> = new Map();
  #weight = 0;

  constructor(bounds: QueueBounds, evicted: (item: Item) => void) {
    this.#bounds = bounds;
    this.#evicted = evicted;
  }

  get size(): number {
    return this.#known.size + this.#unknown.size;
  }

  get weight(): number {
    return this.#weight;
  }

  /** The oldest first, those with owners that are known before the others. */
  all(): readonly Item[] {
    return [...this.#known.keys(), ...this.#unknown.keys()];
  }

  /** May evict others, and the item itself when it alone is too much. */
  add(item: Item, owner: Owner, weight: number): void {
    (owner.isKnown ? this.#known : this.#unknown).set(item, { owner, weight });
    const share = this.#shares.get(owner.id) ?? { items: new Set(), weight: 0 };
    this.#shares.set(owner.id, share);
    share.items.add(item);
    share.weight += weight;
    this.#weight += weight;
    while (share.weight > this.#bounds.maxPerOwner) this.#evictFirst(share.items);
    while (this.#weight > this.#bounds.max)
      this.#evictFirst((this.#unknown.size > 0 ? this.#unknown : this.#known).keys());
  }

  delete(item: Item): void {
    const place = this.#known.get(item) ?? this.#unknown.get(item);
    if (place === undefined) return;
    const { owner, weight } = place;
    this.#known.delete(item);
    this.#unknown.delete(item);
    this.#weight -= weight;
    const share = this.#shares.get(owner.id);
    if (share === undefined) return;
    share.items.delete(item);
    share.weight -= weight;
    if (share.items.size === 0) this.#shares.delete(owner.id);
  }

  /** Evicts from the oldest on what `isOver` says, up to the first of which it does not. */
  evictWhile(isOver: (item: Item) => boolean): void {
    for (const items of [this.#known, this.#unknown]) {
      for (const item of items.keys()) {
        if (!isOver(item)) break;
        this.delete(item);
        this.#evicted(item);
      }
    }
  }

  #evictFirst(items: Iterable<Item>): void {
    for (const item of items) {
      this.delete(item);
      return this.#evicted(item);
    }
  }
}
