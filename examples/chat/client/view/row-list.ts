import type { MessageRow, Row } from '../rows.ts';
import { create } from './dom.ts';
import { MessageElement } from './message-element.ts';
import { formatDay } from './time.ts';

interface Shown {
  readonly element: HTMLElement;
  readonly message: MessageElement | null;
}

/** Keeps a list in the page equal to rows: elements are found again by key, and only what differs is touched. */
export class RowList {
  readonly #list: HTMLElement;
  readonly #onSendAgain: (id: string) => void;
  #shown: Map<string, Shown> = new Map();

  constructor(list: HTMLElement, onSendAgain: (id: string) => void) {
    this.#list = list;
    this.#onSendAgain = onSendAgain;
  }

  /** Returns the messages that were not there before. */
  show(rows: readonly Row[]): MessageRow[] {
    const added: MessageRow[] = [];
    const shown = new Map<string, Shown>();
    let next = this.#list.firstElementChild;
    for (const row of rows) {
      const known = this.#shown.get(row.key);
      const item = known ?? this.#create(row);
      shown.set(row.key, item);
      if (row.type === 'message') {
        if (known === undefined) added.push(row);
        else item.message?.update(row);
      }
      if (next === item.element) next = next.nextElementSibling;
      else this.#list.insertBefore(item.element, next);
    }
    for (const [key, { element }] of this.#shown) if (!shown.has(key)) element.remove();
    this.#shown = shown;
    return added;
  }

  #create(row: Row): Shown {
    switch (row.type) {
      case 'message': {
        const message = new MessageElement(row, this.#onSendAgain);
        return { element: message.element, message };
      }
      case 'day':
        return { element: createDivider('day', formatDay(row.day, new Date())), message: null };
      case 'gap':
        return { element: createDivider('gap', 'Some messages could not be recovered'), message: null };
    }
  }
}

function createDivider(kind: 'day' | 'gap', text: string): HTMLElement {
  const divider = create('li', `divider ${kind}`);
  divider.append(create('span', '', text));
  return divider;
}
