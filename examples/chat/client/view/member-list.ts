import type { Person } from '../people.ts';
import { createAvatar } from './avatar.ts';
import { create, find } from './dom.ts';

/** Who is in the room. */
export class MemberList {
  readonly #list: HTMLElement = find('members', HTMLUListElement);
  readonly #summary: HTMLElement = find('room-summary', HTMLElement);
  readonly #me: string;

  constructor(me: string) {
    this.#me = me;
  }

  /** `null` while it is not known. */
  show(people: readonly Person[] | null): void {
    this.#summary.textContent = people === null ? ' ' : people.length === 1 ? 'Only you' : `${people.length} people`;
    // Oneself first.
    const here = [...(people ?? [])].sort((left, right) => this.#rank(left) - this.#rank(right));
    this.#list.replaceChildren(...here.map((person) => this.#createItem(person)));
  }

  #rank({ name }: Person): number {
    return name === this.#me ? 0 : 1;
  }

  #createItem({ name, isTyping }: Person): HTMLElement {
    const label = create('span', 'member-name', name);
    label.dir = 'auto';
    const item = create('li', isTyping ? 'member typing' : 'member');
    item.title = name;
    item.append(createAvatar(name), label);
    if (name === this.#me) item.append(create('span', 'member-you', 'you'));
    return item;
  }
}
