import { UsageError } from '@typewire/core';
import { type AnyChannel, type AnyRouter, type ProcedureKind, walkRouter } from '@typewire/core/internal';
import { noLimits } from './builder/call-limits.ts';
import type { ServerChannel } from './builder/server-channel.ts';
import { readServerProcedure, type ServerProcedureDefinition } from './builder/server-procedure.ts';
import { CallGate } from './calls/call-gate.ts';
import { createFail, type Fail } from './failure.ts';
import type { WireValidation } from './options.ts';

/** A procedure ready to run. */
export interface ProcedureRoute {
  readonly path: string;
  readonly kind: ProcedureKind;
  readonly definition: ServerProcedureDefinition;
  readonly fail: Fail<Record<string, unknown>>;
  /** Counts its calls; `null` for a procedure without limits. */
  readonly gate: CallGate | null;
}

/** What may stand at a path. */
type MemberKind = ProcedureKind | 'channel';

export interface ChannelRoute {
  readonly path: string;
  readonly channel: ServerChannel;
  readonly fail: Fail<never>;
}

/**
 * Where a path from the wire leads. Looked up in maps that were filled once from the router's own names, never by
 * walking objects, so that no path reaches anything but a declared member.
 */
export class Routes {
  readonly #procedures: Map<string, ProcedureRoute> = new Map();
  readonly #channels: Map<string, ChannelRoute> = new Map();
  readonly #byChannel: Map<AnyChannel, ChannelRoute> = new Map();

  constructor(router: AnyRouter, { output: validatesOutput = true }: WireValidation = {}) {
    for (const [path, member] of walkRouter(router)) {
      if (member['~kind'] === 'channel') this.#addChannel(path, member);
      else {
        const { '~kind': kind, '~definition': declared } = readServerProcedure(path, member);
        const definition = validatesOutput ? declared : { ...declared, output: null };
        const gate = declared.limits === noLimits ? null : new CallGate(path, declared.limits);
        this.#procedures.set(path, { path, kind, definition, fail: createFail(definition.errors), gate });
      }
    }
  }

  procedure(path: string): ProcedureRoute | undefined {
    return this.#procedures.get(path);
  }

  /** `wanted` is what was asked for: a client that does not know of a change is told what stands there now. */
  describeMissing(wanted: MemberKind, path: string): string {
    const kind = this.#procedures.get(path)?.kind ?? (this.#channels.has(path) ? 'channel' : null);
    const name = JSON.stringify(path);
    return kind === null ? `there is no ${wanted} at ${name}` : `${name} is a ${kind}, not a ${wanted}`;
  }

  /** Whether any channel has members. */
  get havePresence(): boolean {
    return [...this.#channels.values()].some(({ channel }) => channel['~presence'] !== null);
  }

  channel(path: string): ChannelRoute | undefined {
    return this.#channels.get(path);
  }

  /** @throws {UsageError} `BAD_CONTRACT` for a channel of another router. */
  routeOf(channel: AnyChannel): ChannelRoute {
    const route = this.#byChannel.get(channel);
    if (route === undefined) throw new UsageError('BAD_CONTRACT', 'the channel is not part of the router of this wire');
    return route;
  }

  /** Where a channel stands, or `null` for one of another router. */
  pathOf(channel: AnyChannel): string | null {
    return this.#byChannel.get(channel)?.path ?? null;
  }

  #addChannel(path: string, channel: AnyChannel): void {
    if (!('~rules' in channel)) {
      throw new UsageError('BAD_CONTRACT', `${path} has no rules: give it some with implement()`);
    }
    // Its topics may be named by the contract's channel, which the program's other parts know, or by itself.
    const { '~contract': declared = channel } = channel as ServerChannel;
    if (this.#byChannel.has(declared)) {
      throw new UsageError(
        'BAD_CONTRACT',
        `the channel at ${path} stands twice in the router: its topics would have two names`,
      );
    }
    const fail = createFail(channel['~definition'].errors ?? {}) as Fail<never>;
    const route: ChannelRoute = { path, channel: channel as ServerChannel, fail };
    this.#channels.set(path, route);
    this.#byChannel.set(channel, route);
    this.#byChannel.set(declared, route);
  }
}
