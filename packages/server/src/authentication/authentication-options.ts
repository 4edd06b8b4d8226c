/** How an authentication that ends is renewed. */
export interface WireAuthentication {
  /**
   * How long before `expiresAt` a client is asked for fresh credentials, in milliseconds, up to a fifth earlier so that
   * clients spread; at most half of the time there is. @default 30_000
   */
  readonly renewBeforeMs?: number;
  /** How long after `expiresAt` a session that was not renewed is served still, in milliseconds. @default 25_000 */
  readonly graceMs?: number;
}

export const authenticationDefaults: Required<WireAuthentication> = { renewBeforeMs: 30_000, graceMs: 25_000 };
