/** What the player wants at this moment. */
export interface Wish {
  /** Direction, of length 1 at most. */
  readonly x: number;
  readonly y: number;
  readonly dash: boolean;
}

export interface Control {
  /** A dash is asked for once for each press. */
  read(): Wish;
}

/** Of several controls the one that is used. */
export function readControls(controls: readonly Control[]): Wish {
  const wishes = controls.map((control) => control.read());
  const moving = wishes.find(({ x, y }) => x !== 0 || y !== 0);
  return { x: moving?.x ?? 0, y: moving?.y ?? 0, dash: wishes.some(({ dash }) => dash) };
}
