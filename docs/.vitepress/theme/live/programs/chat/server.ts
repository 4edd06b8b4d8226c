import { createWire } from '@typewire/server';
import { z } from 'zod';
import { api } from './api.ts';

const Credentials = z.object({ name: z.string() });

export const wire = createWire({
  router: api,
  authenticate: ({ auth }) => {
    const { name } = Credentials.parse(auth);
    return { context: { name }, subject: name };
  },
  // Who is away for longer gets a new session, and what was missed from the channel's history.
  sessions: { resumableMs: 10_000 },
});
