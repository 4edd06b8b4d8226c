/** The text of whatever was thrown: somebody else's code may throw what has none, and asking it would throw again. */
export function thrownText(thrown: unknown): string {
  try {
    return String(thrown);
  } catch {
    return 'something that has no text was thrown';
  }
}
