import type { Story } from '../server/story.ts';

/** A story as readers see it: the latest wording, at the place and time of the first. */
export interface PrintedStory extends Story {
  readonly correctedAt: Date | null;
}

/** What has gone out on a section, newest first, with each correction in the place of what it corrects. */
export function frontOf(events: readonly Story[]): PrintedStory[] {
  const printed = new Map<string, PrintedStory>();
  for (const story of events) {
    const original = story.corrects === null ? undefined : printed.get(story.corrects);
    if (original === undefined) printed.set(story.id, { ...story, correctedAt: null });
    else printed.set(original.id, { ...story, id: original.id, at: original.at, correctedAt: story.at });
  }
  return [...printed.values()].reverse();
}
