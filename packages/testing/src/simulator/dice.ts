import { seededRandom } from '../seeded-random.ts';

/** Choices from one seed. Each part of a simulation throws its own, so that one that goes changes no other's. */
export class Dice {
  readonly random: () => number;

  constructor(seed: number, ...path: readonly (string | number)[]) {
    this.random = seededRandom(path.reduce<number>(mix, seed));
  }

  /** A whole number from `min` to `max`, both included. */
  between(min: number, max: number): number {
    return min + Math.floor(this.random() * (max - min + 1));
  }

  chance(share: number): boolean {
    return this.random() < share;
  }

  pick<Item>(items: readonly [Item, ...Item[]]): Item {
    return items[Math.floor(this.random() * items.length)] as Item;
  }
}

/** FNV-1a over the name, on top of what came before. */
function mix(seed: number, part: string | number): number {
  let hash = (seed ^ 0x811c_9dc5) >>> 0;
  for (const character of String(part)) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x0100_0193) >>> 0;
  return hash;
}
