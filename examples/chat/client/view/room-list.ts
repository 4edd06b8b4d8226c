import type { RoomSummary } from '../../server/rooms.ts';
import { addressOf, roomNameOf } from '../location.ts';
import { describeCount, roomLinks } from '../room-links.ts';
import { create, find } from './dom.ts';

/** The rooms one may go to: suggested ones, those somebody is in, the one we are in, and any by name. */
export class RoomList {
  readonly #list: HTMLElement = find('rooms', HTMLUListElement);
  #summaries: readonly RoomSummary[] = [];
  #current = '';

  constructor() {
    const form = find('room-form', HTMLFormElement);
    const input = find('room-input', HTMLInputElement);
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      const room = roomNameOf(input.value);
      input.value = '';
      if (room !== '') location.hash = addressOf(room);
    });
  }

  open(room: string): void {
    this.#current = room;
    this.#show();
  }

  update(summaries: readonly RoomSummary[]): void {
    this.#summaries = summaries;
    this.#show();
  }

  #show(): void {
    const items = roomLinks(this.#summaries, this.#current).map((link) => this.#createItem(link));
    // Replacing the links would lose the focus of somebody who walks through them by keyboard.
    const focused = this.#list.querySelector<HTMLAnchorElement>('a:focus')?.hash;
    this.#list.replaceChildren(...items);
    if (focused !== undefined) {
      [...this.#list.querySelectorAll('a')].find((link) => link.hash === focused)?.focus({ preventScroll: true });
    }
  }

  #createItem({ room, members }: RoomSummary): HTMLElement {
    const link = create('a', 'room-link');
    link.href = addressOf(room);
    if (room === this.#current) link.setAttribute('aria-current', 'page');
    link.append(create('span', 'room-name', room));
    if (members > 0) {
      const count = create('span', 'room-count', String(members));
      count.setAttribute('aria-label', describeCount(members));
      link.append(count);
    }
    const item = create('li');
    item.append(link);
    return item;
  }
}
