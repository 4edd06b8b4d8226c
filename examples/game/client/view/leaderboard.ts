import { COINS_TO_WIN } from '../../shared/match.ts';
import type { PlayerState } from '../../shared/snapshot.ts';
import type { Names } from '../names.ts';
import { create, find } from './dom.ts';
import { describeColour } from './theme.ts';

/** Who has how many coins, most first. Changes the page only when it would say something else. */
export class Leaderboard {
  readonly #list: HTMLElement = find('leaderboard', HTMLOListElement);
  readonly #names: Names;
  #shown = '';

  constructor(names: Names) {
    this.#names = names;
  }

  show(players: readonly PlayerState[], me: number): void {
    const ranked = players
      .map(({ id, score, colour, isBot }) => ({ id, score, colour, isBot, name: this.#names.of(id) }))
      .sort((left, right) => right.score - left.score || left.id - right.id);
    const key = JSON.stringify(ranked);
    if (key === this.#shown) return;
    this.#shown = key;
    this.#list.replaceChildren(
      ...ranked.map(({ id, score, colour, name, isBot }) => {
        const item = create('li', id === me ? 'rank me' : 'rank');
        item.style.setProperty('--colour', describeColour(colour));
        item.style.setProperty('--part', String(Math.min(1, score / COINS_TO_WIN)));
        const label = create('span', 'rank-name', name);
        if (isBot) label.append(create('small', '', 'bot'));
        item.append(create('i', 'rank-dot'), label, create('b', 'rank-score', String(score)));
        return item;
      }),
    );
  }
}
