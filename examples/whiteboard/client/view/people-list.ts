import type { Person } from '../people.ts';
import { create, find } from './dom.ts';

/** Who is at the board: a circle each, in the colour of their pointer, and a crown on whose board it is. */
export class PeopleList {
  readonly #list: HTMLElement = find('people', HTMLUListElement);
  readonly #me: string;
  #shown: ReadonlyMap<string, Person> | null = null;
  #owner: string | null = null;

  constructor(me: string) {
    this.#me = me;
  }

  show(people: ReadonlyMap<string, Person>, owner: string | null): void {
    if (people === this.#shown && owner === this.#owner) return;
    this.#shown = people;
    this.#owner = owner;
    const sorted = [...people.values()].sort((left, right) => left.name.localeCompare(right.name));
    this.#list.replaceChildren(...sorted.map((person) => this.#item(person, person.id === owner)));
  }

  #item({ id, name, hue }: Person, isOwner: boolean): HTMLElement {
    const [initial] = new Intl.Segmenter().segment(name);
    const item = create('li', isOwner ? 'person owner' : 'person', initial?.segment.toLocaleUpperCase() ?? '?');
    item.style.setProperty('--hue', String(hue));
    item.title = [name, id === this.#me ? '(you)' : '', isOwner ? '· owner of this board' : ''].join(' ').trim();
    item.setAttribute('aria-label', item.title);
    return item;
  }
}
