import { createHash, timingSafeEqual } from 'node:crypto';
import type { AuthenticateInput, Authentication } from '@typewire/server';
import { z } from 'zod';
import type { Context } from './api.ts';

const Credentials = z.object({ deskKey: z.string().max(200) });

/** Readers come as they are; who shows a key shows the right one, or is turned away. */
export function authenticateWith(deskKey: string): (input: AuthenticateInput) => Authentication<Context> {
  const expected = digest(deskKey);
  return ({ auth, fail }) => {
    if (auth === undefined || auth === null) return { context: { isEditor: false } };
    const credentials = Credentials.safeParse(auth);
    if (!credentials.success || !timingSafeEqual(digest(credentials.data.deskKey), expected)) {
      throw fail('UNAUTHORIZED', 'this is not the key of the desk');
    }
    return { context: { isEditor: true }, subject: 'editor' };
  };
}

/** Of one length, whatever was typed, as the comparison wants it. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
