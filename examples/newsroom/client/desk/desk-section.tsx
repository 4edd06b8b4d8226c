import { usePresence, useSubscription } from '@typewire/react';
import type { Section } from '../../server/sections.ts';
import { frontOf, type PrintedStory } from '../front-of.ts';
import { wire } from '../wire.ts';

interface DeskSectionProps {
  section: Section;
  onCorrect: (story: PrintedStory) => void;
}

/** How many are reading a section now, and what went out on it. The number is all that is asked for, not who they are. */
export function DeskSection({ section, onCorrect }: DeskSectionProps) {
  const { count } = usePresence(wire.api.desk, { section }, { show: 'count' });
  const { events } = useSubscription(wire.api.desk, { section }, { keep: 50 });
  return (
    <section className="desk-section" aria-label={section}>
      <h2>
        {section} <span className="audience">{count.members === 1 ? '1 reader' : `${count.members} readers`}</span>
      </h2>
      <ul>
        {frontOf(events).map((story) => (
          <li key={story.id}>
            <span>{story.headline}</span>
            <button type="button" onClick={() => onCorrect(story)} aria-label={`Correct “${story.headline}”`}>
              Correct
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
