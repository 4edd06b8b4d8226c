import { createWire } from '@typewire/server';
import { api } from './api.ts';

export const wire = createWire({
  router: api,
  sessions: { resumableMs: 0 }, // no session outlives its connection: only the history is left to recover from
});
