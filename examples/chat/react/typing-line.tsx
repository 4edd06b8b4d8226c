import { describeTyping } from '../client/people.ts';
import type { Wire } from '../client/wire.ts';
import { usePeople } from './use-people.ts';

interface TypingLineProps {
  wire: Wire;
  room: string;
  me: string;
}

/** Says who else is writing. */
export function TypingLine({ wire, room, me }: TypingLineProps) {
  const people = usePeople(wire, room, me) ?? [];
  return (
    <p className="typing-line" id="typing" aria-live="polite" dir="auto">
      {describeTyping(people, me)}
    </p>
  );
}
