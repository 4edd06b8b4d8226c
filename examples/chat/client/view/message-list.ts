import type { Row } from '../rows.ts';
import { create, find } from './dom.ts';
import { RowList } from './row-list.ts';

/** Distance from the end, in pixels, that still counts as reading the latest. */
const NEAR_END_PX = 60;

/** The messages of the room. It follows the latest one, unless somebody has scrolled up to read. */
export class MessageList {
  readonly #log: HTMLElement = find('log', HTMLElement);
  readonly #list: HTMLElement = find('rows', HTMLOListElement);
  readonly #notice: HTMLElement = find('notice', HTMLElement);
  readonly #pill: HTMLElement = find('pill', HTMLButtonElement);
  readonly #onSendAgain: (id: string) => void;
  #rows: RowList;
  #followsEnd = true;
  #unread = 0;

  constructor(onSendAgain: (id: string) => void) {
    this.#onSendAgain = onSendAgain;
    this.#rows = new RowList(this.#list, onSendAgain);
    // So that the keyboard can scroll it: not every browser lets it do so unasked.
    this.#log.tabIndex = 0;
    this.#log.addEventListener('scroll', () => this.#scrolled(), { passive: true });
    this.#pill.addEventListener('click', () => this.#scrollToEnd());
    // The window, a phone's keyboard or a growing composer may take height away.
    new ResizeObserver(() => {
      if (this.#followsEnd) this.#scrollToEnd();
    }).observe(this.#log);
  }

  /** Begins with an empty list for another room. */
  open(room: string): void {
    this.#list.replaceChildren();
    this.#rows = new RowList(this.#list, this.#onSendAgain);
    this.#log.setAttribute('aria-label', `Messages in ${room}`);
    this.#scrollToEnd();
  }

  /** `notice` is said in place of messages while there are none. */
  show(rows: readonly Row[], notice: { readonly title: string; readonly text: string }): void {
    const added = this.#rows.show(rows);
    this.#notice.hidden = rows.length > 0;
    this.#notice.replaceChildren(create('strong', '', notice.title), create('span', '', notice.text));
    const hasOwn = added.some((row) => row.isOwn && row.state === 'sending');
    if (this.#followsEnd || hasOwn) this.#scrollToEnd();
    else this.#countUnread(added.length);
  }

  #scrolled(): void {
    const { scrollHeight, scrollTop, clientHeight } = this.#log;
    this.#followsEnd = scrollHeight - scrollTop - clientHeight < NEAR_END_PX;
    if (this.#followsEnd) this.#countUnread(-this.#unread);
  }

  #scrollToEnd(): void {
    this.#followsEnd = true;
    this.#log.scrollTop = this.#log.scrollHeight;
    this.#countUnread(-this.#unread);
  }

  #countUnread(change: number): void {
    this.#unread += change;
    this.#pill.hidden = this.#unread === 0;
    this.#pill.textContent = this.#unread === 1 ? '1 new message' : `${this.#unread} new messages`;
  }
}
