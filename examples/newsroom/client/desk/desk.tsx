import { useState } from 'react';
import { sections } from '../../server/sections.ts';
import type { PrintedStory } from '../front-of.ts';
import { readDeskKey } from './desk-key.ts';
import { DeskSection } from './desk-section.tsx';
import { SignIn } from './sign-in.tsx';
import { StoryForm } from './story-form.tsx';

/** Where the editor writes, and sees how many read. */
export function Desk() {
  const [isSignedIn, setSignedIn] = useState(() => readDeskKey() !== null);
  const [corrected, setCorrected] = useState<PrintedStory | null>(null);
  if (!isSignedIn) return <SignIn onSignedIn={() => setSignedIn(true)} />;
  return (
    <main className="desk">
      <StoryForm key={corrected?.id ?? 'new'} corrected={corrected} onDone={() => setCorrected(null)} />
      <div className="desk-sections">
        {sections.map((section) => (
          <DeskSection key={section} section={section} onCorrect={setCorrected} />
        ))}
      </div>
    </main>
  );
}
