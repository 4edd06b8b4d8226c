import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';

/** Who a token speaks for. */
export const Identity = z.object({
  role: z.enum(['operator', 'device']),
  /** What the operator or the device is called. */
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,30}$/, 'lower case letters, digits and -'),
});
export type Identity = z.output<typeof Identity>;

/** A token that only who knows the secret can have made: `base64url(identity).base64url(signature)`. */
export function createToken(secret: string, identity: Identity): string {
  const body = Buffer.from(JSON.stringify(Identity.parse(identity))).toString('base64url');
  return `${body}.${sign(secret, body).toString('base64url')}`;
}

/** Who a token speaks for; `null` for one that we have not made. */
export function readToken(secret: string, token: string): Identity | null {
  const [body = '', signature = ''] = token.split('.');
  const [expected, given] = [sign(secret, body), Buffer.from(signature, 'base64url')];
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null;
  return Identity.parse(JSON.parse(Buffer.from(body, 'base64url').toString()));
}

function sign(secret: string, body: string): Buffer {
  return createHmac('sha256', secret).update(body).digest();
}
