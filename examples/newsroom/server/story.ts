import { z } from 'zod';
import { sections } from './sections.ts';

/** What the editor writes. */
export const Draft = z.object({
  section: z.enum(sections),
  headline: z.string().trim().min(1).max(120),
  text: z.string().trim().max(2_000),
  isBreaking: z.boolean(),
  /** The story it takes the place of. */
  corrects: z.string().max(40).nullable(),
});

/** What goes out to everybody who registered for the section. */
export const Story = Draft.extend({ id: z.string(), at: z.date() });

export type Draft = z.output<typeof Draft>;
export type Story = z.output<typeof Story>;
