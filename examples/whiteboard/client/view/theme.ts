import type { Colour } from '../../shared/ink.ts';
import { find } from './dom.ts';

/** What the colours of style/base.css are in the theme of the moment: a canvas does not know of variables. */
export class Theme {
  readonly #probe: HTMLElement = find('probe', HTMLElement);
  #known: Map<string, string> = new Map();

  constructor(changed: () => void) {
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
      this.#known = new Map();
      changed();
    });
  }

  ink(colour: Colour): string {
    return this.#resolve(`var(--ink-${colour})`);
  }

  get dots(): string {
    return this.#resolve('var(--dots)');
  }

  /** The colour of a person. */
  person(hue: number): string {
    return `oklch(58% 0.19 ${hue})`;
  }

  #resolve(value: string): string {
    const known = this.#known.get(value);
    if (known !== undefined) return known;
    this.#probe.style.color = value;
    const { color } = getComputedStyle(this.#probe);
    this.#known.set(value, color);
    return color;
  }
}
