import { createClient } from '@typewire/client';
import type { api } from './api.ts';

// What the snippets import as `./wire.ts`.
export const wire = createClient<typeof api>({ url: '/wire' });
