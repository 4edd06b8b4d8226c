/** What is said in place of messages. */
export interface Notice {
  readonly title: string;
  readonly text: string;
}

interface EmptyRoom {
  readonly room: string;
  /** Why the server does not let us in; `null` while it does. */
  readonly refusal: { readonly message: string } | null;
  /** Whether it has let us in, at least once. */
  readonly isEntered: boolean;
}

export function describeEmptyRoom({ room, refusal, isEntered }: EmptyRoom): Notice {
  if (refusal !== null) return { title: 'This room stays closed', text: refusal.message };
  if (!isEntered) return { title: `Entering ${room}…`, text: 'This takes a moment.' };
  return {
    title: `Nothing said in ${room} yet`,
    text: 'Write the first message, or open a second tab to be two people.',
  };
}
