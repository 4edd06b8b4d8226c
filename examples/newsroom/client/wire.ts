import { createClient } from '@typewire/client';
import type { api } from '../server/api.ts';
import { readDeskKey } from './desk/desk-key.ts';

/** The one connection of this page. A reader shows nothing; the editor shows the key, asked for anew at each connection. */
export const wire = createClient<typeof api>({
  url: '/wire',
  auth: () => {
    const deskKey = readDeskKey();
    return deskKey === null ? undefined : { deskKey };
  },
});
