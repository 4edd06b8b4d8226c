/** Somebody in the room, in however many tabs. */
export interface Person {
  readonly name: string;
  readonly isTyping: boolean;
}

interface RoomPresence {
  bySubject(): ReadonlyMap<string | null, ReadonlyArray<{ readonly typing: boolean }>>;
}

/** The people behind the members of a room, by name: whoever types in one tab types. */
export function peopleOf(presence: RoomPresence): Person[] {
  const people: Person[] = [];
  for (const [name, tabs] of presence.bySubject()) {
    if (name !== null) people.push({ name, isTyping: tabs.some(({ typing }) => typing) });
  }
  return people.sort((left, right) => left.name.localeCompare(right.name));
}
