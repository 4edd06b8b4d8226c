/** Longest text the server takes. */
export const MAX_TEXT_LENGTH = 2_000;

/** Characters left below which their number shows. */
const COUNTER_FROM = 200;

/** How many characters are left, once that is worth knowing; empty before. */
export function describeSpace(text: string): string {
  const left = MAX_TEXT_LENGTH - text.length;
  return left > COUNTER_FROM ? '' : String(left);
}

/** Whether a text may take the focus by itself: on a phone that would open the keyboard over the messages. */
export function hasKeyboard(): boolean {
  return matchMedia('(hover: hover)').matches;
}
