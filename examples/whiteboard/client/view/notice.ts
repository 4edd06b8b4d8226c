import { find } from './dom.ts';

/** A word that lasts (what a lost connection means) and one that does not (why something was refused). */
export class Notice {
  readonly #banner: HTMLElement = find('banner', HTMLElement);
  readonly #toast: HTMLElement = find('toast', HTMLElement);
  #hide: ReturnType<typeof setTimeout> | undefined;

  /** Empty text hides it. */
  stay(text: string): void {
    if (this.#banner.textContent !== text) this.#banner.textContent = text;
    this.#banner.hidden = text === '';
  }

  pass(text: string): void {
    clearTimeout(this.#hide);
    this.#toast.textContent = text;
    this.#toast.hidden = false;
    this.#hide = setTimeout(() => {
      this.#toast.hidden = true;
    }, 5_000);
  }
}
