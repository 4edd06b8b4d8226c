import type { CSSProperties } from 'react';
import { hueOf, initialOf } from '../client/portrait.ts';

/** A round picture of somebody: an initial on a colour that is always the same for a name. */
export function Avatar({ name }: { name: string }) {
  return (
    <span className="avatar" aria-hidden="true" style={{ '--hue': hueOf(name) } as CSSProperties}>
      {initialOf(name)}
    </span>
  );
}
