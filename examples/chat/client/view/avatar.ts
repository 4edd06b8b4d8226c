import { create } from './dom.ts';

/** A round picture of somebody: an initial on a colour that is always the same for a name. */
export function createAvatar(name: string): HTMLElement {
  const avatar = create('span', 'avatar', initialOf(name));
  avatar.setAttribute('aria-hidden', 'true');
  avatar.style.setProperty('--hue', String(hueOf(name)));
  return avatar;
}

function initialOf(name: string): string {
  const [first] = new Intl.Segmenter().segment(name);
  return first?.segment.toLocaleUpperCase() ?? '?';
}

function hueOf(name: string): number {
  let hash = 0;
  for (const char of name) hash = (hash * 31 + (char.codePointAt(0) ?? 0)) % 3_600;
  // The golden angle keeps names that differ by little far apart.
  return Math.round((hash * 137.508) % 360);
}
