import { usePresence, useSubscription } from '@typewire/react';
import { Fragment, useEffect } from 'react';
import type { Section } from '../server/sections.ts';
import { frontOf } from './front-of.ts';
import { StoryCard } from './story-card.tsx';
import { useAwayLine } from './use-away-line.ts';
import { wire } from './wire.ts';

/** One section that the reader registered for. Registering is mounting it; unmounting is enough to be sent nothing more. */
export function SectionColumn({ section }: { section: Section }) {
  const { events, status, gap, error } = useSubscription(wire.api.desk, { section }, { keep: 50 });
  const { update } = usePresence(wire.api.desk, { section }, { show: 'count' });
  useEffect(() => update({}), [update]);

  const stories = frontOf(events);
  const line = useAwayLine(section, stories[0]?.id ?? null, status);
  return (
    <section className="column" aria-label={section} aria-busy={status === 'connecting'}>
      <h2>{section}</h2>
      {error !== null && <p className="trouble">{error.message}</p>}
      {gap !== null && <p className="trouble">Some stories of the time you were away could not be recovered.</p>}
      {stories.length === 0 && status === 'live' && <p className="nothing">Nothing yet today.</p>}
      {stories.map((story, index) => (
        <Fragment key={story.id}>
          {index > 0 && story.id === line && <p className="away-line">You were here last</p>}
          <StoryCard story={story} isLead={index === 0} />
        </Fragment>
      ))}
    </section>
  );
}
