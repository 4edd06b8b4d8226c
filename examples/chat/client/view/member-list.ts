import { describePeople, type Person } from '../people.ts';
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
    this.#summary.textContent = describePeople(people);
    this.#list.replaceChildren(...(people ?? []).map((person) => this.#createItem(person)));
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
