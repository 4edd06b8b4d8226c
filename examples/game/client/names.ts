import { BOT_NAMES } from '../shared/match.ts';

interface ArenaPresence {
  bySubject(): ReadonlyMap<string | null, ReadonlyArray<{ readonly name: string }>>;
}

/** What players are called, by the number of the player: people as they say in their presence, bots as they are born. */
export class Names {
  #names: ReadonlyMap<number, string> = new Map();

  update(presence: ArenaPresence): void {
    const named = [...presence.bySubject()].map(
      ([subject, [member]]) => [Number(subject), member?.name ?? ''] as const,
    );
    this.#names = new Map(named);
  }

  of(player: number): string {
    return this.#names.get(player) ?? BOT_NAMES[player - 1] ?? 'gone';
  }
}
