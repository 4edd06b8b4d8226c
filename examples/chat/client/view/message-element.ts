import { classOf, type MessageRow } from '../rows.ts';
import { formatClock, formatMoment } from '../time.ts';
import { createAvatar } from './avatar.ts';
import { create } from './dom.ts';

/** One message on the screen. What can change later is changed in place, so that screen readers say it once. */
export class MessageElement {
  readonly element: HTMLLIElement = create('li');
  readonly #time: HTMLTimeElement = create('time');
  readonly #state: HTMLElement = create('p', 'message-state');
  readonly #onSendAgain: (id: string) => void;

  constructor(row: MessageRow, onSendAgain: (id: string) => void) {
    this.#onSendAgain = onSendAgain;
    const author = create('span', 'message-author', row.isOwn ? 'You' : row.from);
    author.dir = 'auto';
    const byline = create('p', 'message-byline');
    byline.append(author, this.#time);
    const text = create('div', 'bubble', row.text);
    text.dir = 'auto';
    this.#state.hidden = true;
    const body = create('div', 'message-body');
    body.append(byline, text, this.#state);
    this.element.append(createAvatar(row.from), body);
    this.update(row);
  }

  update(row: MessageRow): void {
    const { id, at, state, failure } = row;
    this.element.className = classOf(row);
    this.#time.dateTime = at.toISOString();
    this.#time.textContent = formatClock(at);
    this.element.title = formatMoment(at);
    this.#showState(id, state, failure);
  }

  #showState(id: string, state: MessageRow['state'], failure: string | null): void {
    const text = state === 'sending' ? 'sending…' : (failure ?? '');
    if (this.#state.dataset['text'] === text) return;
    this.#state.dataset['text'] = text;
    this.#state.hidden = text === '';
    this.#state.replaceChildren(text);
    if (state !== 'failed') return;
    const again = create('button', 'link-button', 'Send again');
    again.type = 'button';
    again.addEventListener('click', () => this.#onSendAgain(id));
    this.#state.append(' · ', again);
  }
}
