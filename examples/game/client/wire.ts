import { type Client, createClient } from '@typewire/client';
import type { api } from '../server/api.ts';

export type Wire = Client<typeof api>;

/** The one connection of this page. Everything on it is typed by the server's router, of which only the type is here. */
export function connect(secret: string): Wire {
  return createClient<typeof api>({
    url: '/wire',
    auth: { secret },
    // A game should notice a dead network sooner than after the usual 30 s, and this keeps the latency it shows fresh.
    watchdogMs: 3_000,
  });
}
