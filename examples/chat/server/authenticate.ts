import type { AuthenticateInput, Authentication } from '@typewire/server';
import { z } from 'zod';
import type { Context } from './api.ts';
import { PersonName } from './names.ts';

const Credentials = z.object({ name: PersonName });

/**
 * Who a connection is, from what the client sent in its first message. Here a name is enough; with accounts this is
 * where a token is verified.
 */
export function authenticate({ auth, fail }: AuthenticateInput): Authentication<Context> {
  if (auth === undefined) return { context: { user: null } };
  const credentials = Credentials.safeParse(auth);
  if (!credentials.success) throw fail('UNAUTHORIZED', 'a name has 1 to 24 characters');
  const { name } = credentials.data;
  return { context: { user: { name } }, subject: name };
}
