import type { Position, Serializer, Topic } from '@typewire/core';
import type { WireAuthentication } from './authentication/authentication-options.ts';
import type { Authenticator } from './authentication/authenticator.ts';
import type { CallerObjects } from './callees/caller-object.ts';
import type { Caller } from './caller.ts';
import type { CallRunnerHost } from './calls/call-runner.ts';
import type { Hub } from './channels/hub.ts';
import type { PublishOptions } from './channels/publication.ts';
import type { WireEnvironment } from './environment.ts';
import type { KeyedCalls } from './idempotency/keyed-calls.ts';
import type { WireHeartbeat, WireLimits } from './options.ts';
import type { Peer } from './peer.ts';
import type { PresenceHub } from './presence/presence-hub.ts';
import type { Routes } from './routes.ts';
import type { Sessions } from './sessions.ts';

/** What all connections of a wire share. */
export interface PeerHost {
  readonly environment: WireEnvironment;
  readonly serializer: Serializer;
  readonly routes: Routes;
  readonly hub: Hub;
  /** `null` where no channel has presence. */
  readonly presenceHub: PresenceHub | null;
  readonly keyedCalls: KeyedCalls;
  readonly sessions: Sessions;
  readonly limits: Required<WireLimits>;
  readonly authenticator: Authenticator;
  readonly authentication: Required<WireAuthentication>;
  readonly heartbeat: Required<WireHeartbeat>;
  readonly onCall: CallRunnerHost['onCall'];
  /** Makes callers that can be called; `null` where the router calls nothing of its callers. */
  readonly callerObjects: CallerObjects | null;
  publish(topic: Topic<unknown>, event: unknown, options?: PublishOptions): Promise<Position>;
  report(error: unknown, path: string | null, caller: Caller | null): string;
  /** Something waits to be sent: `flush` is called before the tick ends. */
  pending(peer: Peer): void;
  /** The session is over. */
  ended(peer: Peer): void;
}
