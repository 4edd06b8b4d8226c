import type { Authenticate } from '@typewire/server';
import { z } from 'zod';
import type { Context } from './api.ts';
import { readToken } from './tokens.ts';

const Credentials = z.object({ token: z.string().max(1_000) });

/** Lets in who has a token, as what the token says. The subject is how the server finds a device again: `device kitchen`. */
export function authenticateWith(secret: string): Authenticate<Context> {
  return ({ auth, fail }) => {
    const credentials = Credentials.safeParse(auth);
    const identity = credentials.success ? readToken(secret, credentials.data.token) : null;
    if (identity === null) throw fail('UNAUTHORIZED', 'this token is not valid here');
    return { context: { identity }, subject: subjectOf(identity.role, identity.name) };
  };
}

export function subjectOf(role: 'operator' | 'device', name: string): string {
  return `${role} ${name}`;
}
