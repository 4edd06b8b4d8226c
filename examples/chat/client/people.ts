/** Somebody in the room, in however many tabs. */
export interface Person {
  readonly name: string;
  readonly isTyping: boolean;
}

type MembersBySubject = ReadonlyMap<string | null, ReadonlyArray<{ readonly typing: boolean }>>;

/** The people behind the members of a room: oneself first, then by name. Whoever types in one tab types. */
export function peopleOf(members: MembersBySubject, me: string): Person[] {
  const people: Person[] = [];
  for (const [name, tabs] of members) {
    if (name !== null) people.push({ name, isTyping: tabs.some(({ typing }) => typing) });
  }
  const rank = ({ name }: Person): number => (name === me ? 0 : 1);
  return people.sort((left, right) => rank(left) - rank(right) || left.name.localeCompare(right.name));
}

/** How many there are; `null` while it is not known. */
export function describePeople(people: readonly Person[] | null): string {
  // Not empty: the line keeps its height.
  if (people === null) return '\u00a0';
  return people.length === 1 ? 'Only you' : `${people.length} people`;
}

/** Who else is writing; empty when nobody is. */
export function describeTyping(people: readonly Person[], me: string): string {
  const names = people.filter(({ name, isTyping }) => isTyping && name !== me).map(({ name }) => name);
  const [first, second] = names;
  if (first === undefined) return '';
  if (second === undefined) return `${first} is typing…`;
  return names.length === 2 ? `${first} and ${second} are typing…` : `${names.length} people are typing…`;
}
