/** Somebody at the board, in however many tabs. */
export interface Person {
  /** Their public id. */
  readonly id: string;
  readonly name: string;
  /** Their colour, an angle in degrees: the same for everybody who looks. */
  readonly hue: number;
}

interface BoardPresence {
  bySubject(): ReadonlyMap<string | null, ReadonlyArray<{ readonly name: string }>>;
}

/** The people behind the members of a board, by id. */
export function peopleOf(presence: BoardPresence): Map<string, Person> {
  const people = new Map<string, Person>();
  for (const [id, [member]] of presence.bySubject()) {
    if (id !== null && member !== undefined) people.set(id, { id, name: member.name, hue: hueOf(id) });
  }
  return people;
}

function hueOf(id: string): number {
  let hash = 0;
  for (const char of id) hash = (hash * 31 + (char.codePointAt(0) ?? 0)) % 3_600;
  // The golden angle keeps ids that differ by little far apart.
  return Math.round((hash * 137.508) % 360);
}
