import { typewire } from '@typewire/server';
import { z } from 'zod';
import { sections } from './sections.ts';
import { Draft, Story } from './story.ts';

export interface Context {
  readonly isEditor: boolean;
}

const t = typewire<Context>();

/** Whatever is built on it runs for the editor alone. */
const editor = t.use(({ ctx, next, fail }) => {
  if (!ctx.isEditor) throw fail('FORBIDDEN', 'stories are published by the editor');
  return next();
});

/**
 * One topic for each section. Readers register for those they want, and the server decides what goes out on each: nobody publishes
 * on it but a handler of ours. The history is what lets a reader catch up, be it after a tunnel or after a night.
 */
export const desk = t.channel({
  params: z.object({ section: z.enum(sections) }),
  event: Story,
  history: { size: 200, ttlMs: 7 * 86_400_000 },
  presence: z.object({}),
  subscribe: () => true,
});

export const api = t.router({
  desk,

  publish: editor.input(Draft).mutation(async ({ input, publish, requestId }): Promise<Story> => {
    const story = { ...input, id: requestId, at: new Date() };
    await publish(desk({ section: story.section }), story);
    return story;
  }),
});
