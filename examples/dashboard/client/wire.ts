import { createClient } from '@typewire/client';
import type { api } from '../server/api.ts';

/** The one connection of this page. */
export const wire = createClient<typeof api>({ url: '/wire' });
