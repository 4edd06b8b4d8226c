import { createHash } from 'node:crypto';
import type { AuthenticateInput, Authentication } from '@typewire/server';
import { z } from 'zod';
import { FIRST_PERSON_ID } from '../shared/match.ts';
import type { Context } from './api.ts';

const Credentials = z.object({ secret: z.string().min(16).max(64) });

/**
 * Who a connection is, from what the client sent in its first message. A guest makes up a secret, and what it hashes to
 * is the number of their player: everybody sees the number, and nobody can steer somebody else. With accounts a token is
 * verified here.
 */
export function authenticate({ auth, fail }: AuthenticateInput): Authentication<Context> {
  const credentials = Credentials.safeParse(auth);
  if (!credentials.success) throw fail('UNAUTHORIZED', 'a secret has 16 to 64 characters');
  const hash = createHash('sha256').update(credentials.data.secret).digest().readUInt32BE(0);
  const player = Math.max(FIRST_PERSON_ID, hash);
  return { context: { player }, subject: String(player) };
}
