import { createHash } from 'node:crypto';
import type { AuthenticateInput, Authentication } from '@typewire/server';
import { z } from 'zod';
import type { Context } from './api.ts';

const Credentials = z.object({ secret: z.string().min(16).max(64) });

/**
 * Who a connection is, from what the client sent in its first message. A guest makes up a secret, and what it hashes to
 * is their public id: everybody sees the id, and nobody can draw in somebody else's name. With accounts a token is verified here.
 */
export function authenticate({ auth, fail }: AuthenticateInput): Authentication<Context> {
  const credentials = Credentials.safeParse(auth);
  if (!credentials.success) throw fail('UNAUTHORIZED', 'a secret has 16 to 64 characters');
  const id = createHash('sha256').update(credentials.data.secret).digest('base64url').slice(0, 16);
  return { context: { user: { id } }, subject: id };
}
