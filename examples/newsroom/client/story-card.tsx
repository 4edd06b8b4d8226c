import type { PrintedStory } from './front-of.ts';

const time = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const dayAndTime = new Intl.DateTimeFormat('en-GB', { weekday: 'short', hour: '2-digit', minute: '2-digit' });

function written(at: Date): string {
  return (at.toDateString() === new Date().toDateString() ? time : dayAndTime).format(at);
}

export function StoryCard({ story, isLead }: { story: PrintedStory; isLead: boolean }) {
  return (
    <article className={`story${isLead ? ' is-lead' : ''}${story.isBreaking ? ' is-breaking' : ''}`}>
      <p className="story-line">
        {story.isBreaking && <strong>Breaking</strong>}
        <time dateTime={story.at.toISOString()}>{written(story.at)}</time>
        {story.correctedAt !== null && <em>corrected {written(story.correctedAt)}</em>}
      </p>
      <h3>{story.headline}</h3>
      {story.text !== '' && <p>{story.text}</p>}
    </article>
  );
}
