import type { Person } from '../people.ts';
import { find } from './dom.ts';

/** Says who else is writing. */
export class TypingLine {
  readonly #line: HTMLElement = find('typing', HTMLElement);
  readonly #me: string;

  constructor(me: string) {
    this.#me = me;
  }

  show(people: readonly Person[]): void {
    const names = people.filter(({ name, isTyping }) => isTyping && name !== this.#me).map(({ name }) => name);
    this.#line.textContent = describe(names);
  }
}

function describe(names: readonly string[]): string {
  const [first, second] = names;
  if (first === undefined) return '';
  if (second === undefined) return `${first} is typing…`;
  return names.length === 2 ? `${first} and ${second} are typing…` : `${names.length} people are typing…`;
}
