import type { Wire } from '@typewire/server';
import { desk } from './api.ts';
import type { Draft } from './story.ts';

const HOUR_MS = 3_600_000;

const edition: ReadonlyArray<Pick<Draft, 'section' | 'headline' | 'text'> & { readonly hoursAgo: number }> = [
  {
    section: 'science',
    headline: 'A comet that nobody had on a list comes into view',
    text: 'An amateur in Patagonia saw it first, on a night when the large telescopes were closed for wind. It will be visible to the naked eye until the middle of the month.',
    hoursAgo: 9,
  },
  {
    section: 'culture',
    headline: 'The library lends out its reading room, by the hour',
    text: 'Quartets rehearse between the shelves, and the loan desk sells out of tickets.',
    hoursAgo: 8,
  },
  {
    section: 'world',
    headline: 'Two islands agree on one clock',
    text: 'For ninety years the ferry has arrived an hour before it left. From spring on it will not.',
    hoursAgo: 6,
  },
  {
    section: 'sport',
    headline: 'The longest tie-break of the season ends at dusk',
    text: 'Forty-six points, two rackets, and a linesman who was replaced by his daughter.',
    hoursAgo: 5,
  },
  {
    section: 'business',
    headline: 'A baker closes at noon and earns more',
    text: 'What was thrown away in the evening is now not baked in the morning.',
    hoursAgo: 3,
  },
  {
    section: 'world',
    headline: 'The old bridge opens to those on foot',
    text: 'It had carried trains for a century, and then nothing for a decade.',
    hoursAgo: 1,
  },
];

/** What readers find before the editor has written anything. */
export async function publishFirstEdition(wire: Wire): Promise<void> {
  for (const [index, { hoursAgo, ...story }] of edition.entries()) {
    const at = new Date(Date.now() - hoursAgo * HOUR_MS);
    await wire.publish(desk({ section: story.section }), {
      ...story,
      id: `first-${index}`,
      at,
      isBreaking: false,
      corrects: null,
    });
  }
}
