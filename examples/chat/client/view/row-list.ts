import { type DividerRow, describeDivider, type Row } from '../rows.ts';
import { create } from './dom.ts';
import { MessageElement } from './message-element.ts';

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

  show(rows: readonly Row[]): void {
    const shown = new Map<string, Shown>();
    let next = this.#list.firstElementChild;
    for (const row of rows) {
      const item = this.#shown.get(row.key) ?? this.#create(row);
      shown.set(row.key, item);
      if (row.type === 'message') item.message?.update(row);
      if (next === item.element) next = next.nextElementSibling;
      else this.#list.insertBefore(item.element, next);
    }
    for (const [key, { element }] of this.#shown) if (!shown.has(key)) element.remove();
    this.#shown = shown;
  }

  #create(row: Row): Shown {
    switch (row.type) {
      case 'message': {
        const message = new MessageElement(row, this.#onSendAgain);
        return { element: message.element, message };
      }
      case 'day':
      case 'gap':
        return { element: createDivider(row), message: null };
    }
  }
}

function createDivider(row: DividerRow): HTMLElement {
  const divider = create('li', `divider ${row.type}`);
  divider.append(create('span', '', describeDivider(row)));
  return divider;
}
