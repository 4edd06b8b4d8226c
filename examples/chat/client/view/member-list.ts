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
  show(members: readonly string[] | null): void {
    this.#summary.textContent = members === null ? ' ' : members.length === 1 ? 'Only you' : `${members.length} people`;
    const others = (members ?? []).filter((name) => name !== this.#me);
    const here = members?.includes(this.#me) ? [this.#me, ...others] : others;
    this.#list.replaceChildren(...here.map((name) => this.#createItem(name)));
  }

  #createItem(name: string): HTMLElement {
    const label = create('span', 'member-name', name);
    label.dir = 'auto';
    const item = create('li', 'member');
    item.title = name;
    item.append(createAvatar(name), label);
    if (name === this.#me) item.append(create('span', 'member-you', 'you'));
    return item;
  }
}
