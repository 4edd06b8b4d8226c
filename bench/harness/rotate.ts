/**
 * The order of one round: A B C, then B C A, then C A B, so that no contender always runs behind the same
 * neighbour or first after a pause.
 */
export function rotate<Item>(items: readonly Item[], round: number): Item[] {
  const first = items.length === 0 ? 0 : round % items.length;
  return [...items.slice(first), ...items.slice(0, first)];
}
