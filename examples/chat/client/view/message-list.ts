import type { Notice } from '../empty-room.ts';
import type { Row } from '../rows.ts';
import { create, find } from './dom.ts';
import { describeUnread, LogScroll } from './log-scroll.ts';
import { RowList } from './row-list.ts';

/** The messages of the room. It follows the latest one, unless somebody has scrolled up to read. */
export class MessageList {
  readonly #log: HTMLElement = find('log', HTMLElement);
  readonly #list: HTMLElement = find('rows', HTMLOListElement);
  readonly #notice: HTMLElement = find('notice', HTMLElement);
  readonly #pill: HTMLElement = find('pill', HTMLButtonElement);
  readonly #scroll: LogScroll;
  readonly #onSendAgain: (id: string) => void;
  #rows: RowList;

  constructor(onSendAgain: (id: string) => void) {
    this.#onSendAgain = onSendAgain;
    this.#rows = new RowList(this.#list, onSendAgain);
    // So that the keyboard can scroll it: not every browser lets it do so unasked.
    this.#log.tabIndex = 0;
    this.#scroll = new LogScroll(this.#log, (unread) => this.#showUnread(unread));
    this.#pill.addEventListener('click', () => this.#scroll.toEnd());
  }

  /** Begins with an empty list for another room. */
  open(room: string): void {
    this.#list.replaceChildren();
    this.#rows = new RowList(this.#list, this.#onSendAgain);
    this.#log.setAttribute('aria-label', `Messages in ${room}`);
    this.#scroll.reset();
  }

  /** `notice` is said in place of messages while there are none. */
  show(rows: readonly Row[], notice: Notice): void {
    this.#rows.show(rows);
    this.#notice.hidden = rows.length > 0;
    this.#notice.replaceChildren(create('strong', '', notice.title), create('span', '', notice.text));
    this.#scroll.shown(rows);
  }

  #showUnread(unread: number): void {
    this.#pill.hidden = unread === 0;
    this.#pill.textContent = describeUnread(unread);
  }
}
