import { describeTyping, type Person } from '../people.ts';
import { find } from './dom.ts';

/** Says who else is writing. */
export class TypingLine {
  readonly #line: HTMLElement = find('typing', HTMLElement);
  readonly #me: string;

  constructor(me: string) {
    this.#me = me;
  }

  show(people: readonly Person[]): void {
    this.#line.textContent = describeTyping(people, this.#me);
  }
}
