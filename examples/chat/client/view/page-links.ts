import { isCurrentPage, pageAddress, pages } from '../pages.ts';
import { create, find } from './dom.ts';

/** The way to the other pages, to the same room. */
export class PageLinks {
  readonly #nav: HTMLElement = find('pages', HTMLElement);

  open(room: string): void {
    this.#nav.replaceChildren(
      ...pages.map(({ name, path }) => {
        const link = create('a', '', name);
        link.href = pageAddress(path, room);
        if (isCurrentPage(path)) link.setAttribute('aria-current', 'page');
        return link;
      }),
    );
  }
}
