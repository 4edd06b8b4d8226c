import { useCall } from '@typewire/react';
import { type FormEvent, useState } from 'react';
import { type Section, sections } from '../../server/sections.ts';
import type { Draft } from '../../server/story.ts';
import type { PrintedStory } from '../front-of.ts';
import { wire } from '../wire.ts';

interface StoryFormProps {
  /** The story that is written anew; `null` for a new one. */
  corrected: PrintedStory | null;
  onDone: () => void;
}

export function StoryForm({ corrected, onDone }: StoryFormProps) {
  const [section, setSection] = useState<Section>(corrected?.section ?? 'world');
  const [headline, setHeadline] = useState(corrected?.headline ?? '');
  const [text, setText] = useState(corrected?.text ?? '');
  const [isBreaking, setBreaking] = useState(corrected?.isBreaking ?? false);
  // With a key it may be sent again by the client after a lost connection, and goes out once.
  const publish = useCall((draft: Draft) => wire.api.publish.mutate(draft, { idempotencyKey: true }));

  async function send(event: FormEvent): Promise<void> {
    event.preventDefault();
    const { ok } = await publish.run({ section, headline, text, isBreaking, corrects: corrected?.id ?? null });
    if (!ok) return;
    setHeadline('');
    setText('');
    setBreaking(false);
    onDone();
  }

  return (
    <form className="story-form" onSubmit={send}>
      <h2>{corrected === null ? 'Write' : 'Correct'}</h2>
      <label>
        Section
        <select
          value={section}
          disabled={corrected !== null}
          onChange={(event) => setSection(event.target.value as Section)}
        >
          {sections.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </label>
      <label>
        Headline
        <input value={headline} maxLength={120} required onChange={(event) => setHeadline(event.target.value)} />
      </label>
      <label>
        Story
        <textarea value={text} maxLength={2_000} rows={6} onChange={(event) => setText(event.target.value)} />
      </label>
      <label className="check">
        <input type="checkbox" checked={isBreaking} onChange={(event) => setBreaking(event.target.checked)} /> Breaking
      </label>
      {publish.error !== null && (
        <p className="trouble" role="alert">
          {publish.error.message}
        </p>
      )}
      <div className="buttons">
        <button type="submit" disabled={publish.status === 'pending'}>
          {publish.status === 'pending' ? 'Sending…' : corrected === null ? 'Publish' : 'Publish the correction'}
        </button>
        {corrected !== null && (
          <button type="button" className="quiet" onClick={onDone}>
            Leave it
          </button>
        )}
      </div>
    </form>
  );
}
