import { type Client, createClient } from '@typewire/client';
import type { Api } from '../server/api.ts';

export type Wire = Client<Api>;

/** The one connection of this page. Everything on it is typed by the server's router, of which only the type is here. */
export function connect(token: string): Wire {
  return createClient<Api>({ url: '/wire', auth: { token }, watchdogMs: 5_000 });
}
