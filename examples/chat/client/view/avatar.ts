import { hueOf, initialOf } from '../portrait.ts';
import { create } from './dom.ts';

/** A round picture of somebody: an initial on a colour that is always the same for a name. */
export function createAvatar(name: string): HTMLElement {
  const avatar = create('span', 'avatar', initialOf(name));
  avatar.setAttribute('aria-hidden', 'true');
  avatar.style.setProperty('--hue', String(hueOf(name)));
  return avatar;
}
