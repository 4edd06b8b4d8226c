/** The letter that stands for somebody. */
export function initialOf(name: string): string {
  const [first] = new Intl.Segmenter().segment(name);
  return first?.segment.toLocaleUpperCase() ?? '?';
}

/** The colour that stands for somebody, in degrees: always the same for a name. */
export function hueOf(name: string): number {
  let hash = 0;
  for (const char of name) hash = (hash * 31 + (char.codePointAt(0) ?? 0)) % 3_600;
  // The golden angle keeps names that differ by little far apart.
  return Math.round((hash * 137.508) % 360);
}
