import { CloseCode } from '@typewire/core';
import type { WireEnvironment } from '../environment.ts';
import { Failure, fail } from '../failure.ts';
import type { Authenticate, ConnectRequest } from './authenticate.ts';
import { type Identity, Refused, readIdentity } from './identity.ts';

/** Runs the wire's `authenticate`, and knows who was disconnected while it ran. */
export class Authenticator {
  readonly #authenticate: Authenticate<unknown> | null;
  readonly #environment: WireEnvironment;
  /** For each authentication under way the subjects that were disconnected meanwhile. */
  readonly #underWay: Set<Set<string>> = new Set();

  constructor(authenticate: Authenticate<unknown> | null, environment: WireEnvironment) {
    this.#authenticate = authenticate;
    this.#environment = environment;
  }

  /**
   * Authenticates, and hands who it is to `admit`. Whatever `admit` awaits, it asks `refuseRevoked` once more before it
   * lets the client in: somebody may have been disconnected since `authenticate` looked.
   *
   * @throws {Refused}, and whatever else `authenticate` throws, as rejections.
   */
  async authenticate(
    request: ConnectRequest,
    auth: unknown,
    admit: (identity: Identity, refuseRevoked: () => void) => void | Promise<void>,
  ): Promise<void> {
    const revoked = new Set<string>();
    this.#underWay.add(revoked);
    try {
      const identity = await this.#identify(request, auth);
      const refuseRevoked = (): void => {
        if (identity.subject !== null && revoked.has(identity.subject)) {
          throw new Refused(CloseCode.NotAuthenticated, 'disconnected by the server');
        }
      };
      refuseRevoked();
      await admit(identity, refuseRevoked);
    } finally {
      this.#underWay.delete(revoked);
    }
  }

  /** `subject` is being disconnected: authentications that are under way must not bring it back. */
  revoke(subject: string): void {
    for (const revoked of this.#underWay) revoked.add(subject);
  }

  async #identify(request: ConnectRequest, auth: unknown): Promise<Identity> {
    const environment = this.#environment;
    const moment = (): { now: number; wallNow: number } => ({ now: environment.now(), wallNow: environment.wallNow() });
    if (this.#authenticate === null) return readIdentity({ context: {} }, moment());
    try {
      const answer = await this.#authenticate({ request, auth, fail });
      return readIdentity(answer, moment());
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      throw new Refused(error.code === 'FORBIDDEN' ? CloseCode.Forbidden : CloseCode.NotAuthenticated, error.message);
    }
  }
}
