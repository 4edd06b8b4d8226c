const identifier = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

type Step = string | number | Via;
/** How the contents of a Map or a Set are reached. */
type Via = { readonly text: '.get' | '.keys()' | '.values()' };

/** The key behind it is a Map's. */
export const GET: Via = { text: '.get' };
/** The number behind it counts keys of a Map. */
export const KEYS: Via = { text: '.keys()' };
/** The number behind it counts values of a Map or a Set. */
export const VALUES: Via = { text: '.values()' };

/** Where a walk through a value stands, for errors: `input.user.tags[3]`. It becomes text only in one. */
export class KeyPath {
  readonly #root: string;
  readonly #steps: Step[] = [];

  constructor(root: string) {
    this.#root = root;
  }

  /** Goes to a member, an item or, with `via`, what a collection holds. */
  enter(key: string | number, via?: Via): void {
    if (via !== undefined) this.#steps.push(via);
    this.#steps.push(key);
  }

  leave(): void {
    this.#steps.pop();
    if (typeof this.#steps.at(-1) === 'object') this.#steps.pop();
  }

  toString(): string {
    let text = this.#root;
    for (const [index, step] of this.#steps.entries()) {
      if (typeof step === 'object') text += step.text;
      else if (this.#steps[index - 1] === GET) text += `(${JSON.stringify(step)})`;
      else if (typeof step === 'string' && identifier.test(step)) text += `.${step}`;
      else text += `[${JSON.stringify(step)}]`;
    }
    return text;
  }
}
