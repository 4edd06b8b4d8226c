import { find } from './dom.ts';

/** Names of the variables in style/base.css that the arena is drawn with. */
export type Paint =
  | 'outside'
  | 'floor'
  | 'tile'
  | 'wall'
  | 'pillar'
  | 'pillar-top'
  | 'shade'
  | 'coin'
  | 'coin-edge'
  | 'text'
  | 'on-player';

/** What the colours of style/base.css are in the theme of the moment: a canvas does not know of variables. */
export class Theme {
  readonly #probe: HTMLElement = find('probe', HTMLElement);
  #known: Map<string, string> = new Map();

  constructor() {
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
      this.#known = new Map();
    });
  }

  paint(name: Paint): string {
    return this.#resolve(`var(--${name})`);
  }

  /** The colour of a player, the same for everybody who looks. */
  player(colour: number): string {
    return this.#resolve(describeColour(colour));
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

/** The golden angle keeps neighbours far apart. */
export function describeColour(colour: number): string {
  return `oklch(68% 0.19 ${Math.round((25 + colour * 137.508) % 360)})`;
}
