import { createWire } from '@typewire/server';
import { api } from './api.ts';

export const wire = createWire({
  router: api,
  sessions: { resumableMs: 10_000 },
});
