import type { Position, Router, Topic, Transport, TransportListener } from '@typewire/core';
import type { AnyRouter } from '@typewire/core/internal';
import type { Authenticate, ConnectRequest } from './authentication/authenticate.ts';
import type { DisconnectOptions, SessionTarget } from './authentication/disconnect.ts';
import type { CallerOf, NoCallees } from './caller.ts';
import type { PublishOptions } from './channels/publication.ts';
import type { SlowLoad } from './channels/slow-receivers.ts';
import type { WireLimits, WireSettings } from './options.ts';
import { RunningWire } from './running-wire.ts';

/** `authenticate` may be left out only when handlers need no context. */
export type WireOptions<Context, Callees = NoCallees> = WireSettings & {
  readonly router: Router<unknown, Context, Callees>;
} & (Record<never, never> extends Context
    ? { readonly authenticate?: Authenticate<Context> }
    : { readonly authenticate: Authenticate<Context> });

export interface DrainOptions {
  /** Time over which clients come back elsewhere, in milliseconds. @default 30_000 */
  readonly spreadMs?: number;
}

/** A running service: give it connections through an adapter, publish through it. */
export interface Wire<Callees = NoCallees> {
  /** Open and opening connections. */
  readonly connections: number;
  /** Clients' sessions, those that wait for their client to come back included. */
  readonly sessions: { readonly count: number; readonly detachedCount: number };
  /** Topics that somebody of this process follows, and what waits for subscribers whose connections take no more. */
  readonly channels: { readonly topics: number; readonly slow: SlowLoad };
  readonly limits: Required<WireLimits>;
  /**
   * Publishes on a topic of the router, to every subscriber on every server of the broker. Rejects with `CallError`
   * `INVALID_INPUT` when parameters or event do not pass their schema. Resolves with the event's place in the log.
   */
  publish<Event>(topic: Topic<Event>, event: Event, options?: PublishOptions): Promise<Position>;
  /**
   * Ends every session of a subject, or one by its id (`caller.session`), at once: connections are closed, and those that
   * wait for their client cannot be resumed. With the default code clients stay away; whoever connects again is let in or
   * not by `authenticate`. Ends those of this process, and returns how many.
   */
  disconnect(who: SessionTarget, options?: DisconnectOptions): number;
  /**
   * Asks the subscribe rules again for all that a subject, or one session (`caller.session`), follows, because rights have
   * changed; what it may no longer follow ends at once with the rule's error. The context stays as it is. Resolves to the
   * number of sessions of this process, once all rules have answered.
   */
  reauthorize(who: SessionTarget): Promise<number>;
  /**
   * The clients of a subject, or the one of a session, to call them: `await caller.confirm.query(…)`. All of this process when
   * nobody is named; those that wait for their client to come back included, as they are called when it does.
   */
  callers(who?: SessionTarget): ReadonlyArray<CallerOf<Callees>>;
  /** For adapters: takes a connection over; report to the returned listener what its transport does. */
  accept(transport: Transport, request: ConnectRequest): TransportListener;
  /** Sends every client away with its own moment to come back, so that they do not all come at once; then closes. */
  drain(options?: DrainOptions): Promise<void>;
  /** Ends every connection with 1001. Afterwards new ones are refused with 1012. */
  close(): Promise<void>;
}

/** @throws {UsageError} `BAD_CONTRACT` when the router cannot be served, `BAD_OPTION` for options that make no sense. */
export function createWire<Context, Callees = NoCallees>(options: WireOptions<Context, Callees>): Wire<Callees> {
  const wire = new RunningWire(options as WireSettings & { router: AnyRouter; authenticate?: Authenticate<unknown> });
  return wire as Wire<unknown> as Wire<Callees>;
}
