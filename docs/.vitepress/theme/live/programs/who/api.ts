import { typewire } from '@typewire/server';
import { z } from 'zod';

const t = typewire();

const office = t.channel({
  event: z.string(),
  presence: z.object({ name: z.string(), doing: z.string().max(40) }),
  subscribe: () => true,
});

export const api = t.router({ office });
