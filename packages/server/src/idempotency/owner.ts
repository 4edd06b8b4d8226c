/** Whose keys they are: the keys of one owner mean nothing to another. */
export interface Owner {
  /** Opens with its kind, so that no name a client gives itself is the name of a subject or a session. */
  readonly id: string;
  /** Whether `authenticate` named it; anybody can be any number of the others. */
  readonly isKnown: boolean;
}

/**
 * Where the keys of a session are looked for; new ones belong to the first. A subject has its keys on all its clients, a
 * client that nobody knows has its own, if it says which it is. Whoever signs in on a client finds what it began before.
 */
export function ownersOf(subject: string | null, client: string | null, session: string): readonly [Owner, ...Owner[]] {
  const unknown = { id: client === null ? `session ${session}` : `client ${client}`, isKnown: false };
  return subject === null ? [unknown] : [{ id: `subject ${subject}`, isKnown: true }, unknown];
}
