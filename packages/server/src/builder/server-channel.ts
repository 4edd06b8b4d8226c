import type { Channel, HistoryOptions, Schema } from '@typewire/core';
import {
  type AnyChannel,
  type ChannelDefinition,
  createChannel,
  type ErrorInput,
  type ErrorSchemas,
  readHistory,
  type SchemaInput,
  type SchemaOutput,
} from '@typewire/core/internal';
import type { Caller } from '../caller.ts';
import { type ChannelDelivery, type DeliveryOptions, readDelivery } from '../channels/delivery.ts';
import type { Fail } from '../failure.ts';
import {
  type PresenceOptions,
  type PresenceRules,
  readPresence,
  type ServedPresence,
} from '../presence/presence-options.ts';
import type { MaybePromise } from './handler.ts';
import type { AnySnapshotHandler, SnapshotHandler } from './snapshot.ts';

export interface RuleArguments<Context, Params, Errors = Record<never, never>> {
  readonly ctx: Context;
  readonly params: Params;
  readonly caller: Caller;
  /** A rule may throw what it makes: `throw fail('FULL', { limit: 50 })`. */
  readonly fail: Fail<Errors>;
}

/** Decides whether a client may; `false` refuses with `FORBIDDEN`. */
export type Rule<Args> = (args: Args) => MaybePromise<boolean>;

/** Who may do what with a channel, and how its events reach them. */
export interface ChannelRulesOptions<Context, Params, Event, Errors = Record<never, never>>
  extends DeliveryOptions<Event> {
  /** Who may subscribe. @default nobody */
  readonly subscribe?: Rule<RuleArguments<Context, Params, Errors>>;
  /** Who may read the past in pages, subscribed or not. @default nobody */
  readonly readHistory?: Rule<RuleArguments<Context, Params, Errors>>;
  /** Who may publish: the server alone, or a rule for clients. @default 'server' */
  readonly publish?: 'server' | Rule<RuleArguments<Context, Params, Errors> & { readonly event: Event }>;
}

export interface ChannelOptions<
  Context,
  Params extends Schema | undefined,
  Event extends Schema,
  Snapshot = never,
  Errors extends ErrorSchemas = Record<never, never>,
  Presence extends Schema | undefined = undefined,
> extends ChannelRulesOptions<Context, SchemaOutput<Params>, SchemaOutput<Event>, ErrorInput<Errors>> {
  /** Parameters that name a topic; leave out for a channel that is one topic. They must be plain JSON. */
  readonly params?: Params;
  /** Checked once for each event, before it goes out. */
  readonly event: Event;
  /** What a returning client can recover, and a new one rewind. @default none */
  readonly history?: HistoryOptions;
  /**
   * The state a subscriber begins with, and gets anew after a gap, before the events that follow. Called when it is
   * allowed and the position is pinned, so write the state first and publish then: what is published while the
   * state is loaded follows it, and may be in it already. With one, `rewind` brings nothing. @default none
   */
  readonly snapshot?: SnapshotHandler<Context, SchemaOutput<Params>, Snapshot, ErrorInput<Errors>>;
  /** Failures of its rules and its snapshot that reach the client with typed `data`. @default none */
  readonly errors?: Errors;
  /**
   * What members of a topic say of themselves: a schema, or one with rules. Without rules who may subscribe may be
   * present, and see who is. @default nobody can be present
   */
  readonly presence?: Presence | PresenceOptions<Context, SchemaOutput<Params>, Presence, ErrorInput<Errors>>;
}

type AnyRule = Rule<RuleArguments<unknown, unknown, never> & { readonly event?: unknown }>;

export interface ChannelRules {
  readonly subscribe: AnyRule | null;
  readonly publish: AnyRule | null;
  readonly readHistory: AnyRule | null;
}

export interface KeyedDelivery extends ChannelDelivery {
  readonly key: ((event: unknown) => unknown) | null;
}

export interface ServerChannel extends AnyChannel {
  readonly '~definition': ChannelDefinition;
  readonly '~rules': ChannelRules;
  readonly '~delivery': KeyedDelivery;
  readonly '~snapshot': AnySnapshotHandler | null;
  readonly '~presence': ServedPresence | null;
  /** The channel that names its topics, when that is a contract's. */
  readonly '~contract'?: AnyChannel;
}

/** What a channel gives besides its events, by what its handlers return. */
export interface ServerExtras<Snapshot, Errors, Presence> {
  readonly snapshot: Snapshot;
  readonly snapshotInput: Snapshot;
  readonly errors: { [Code in keyof Errors]: SchemaOutput<Errors[Code]> };
  readonly errorsInput: { [Code in keyof Errors]: SchemaInput<Errors[Code]> };
  readonly presence: SchemaOutput<Presence>;
  readonly presenceInput: SchemaInput<Presence>;
}

/** Declares a channel with its rules. Its type is the shared one: rules never reach the client's types. */
export function createServerChannel<
  Context,
  Event extends Schema,
  Params extends Schema | undefined,
  Snapshot,
  Errors extends ErrorSchemas,
  Presence extends Schema | undefined,
>(
  options: ChannelOptions<Context, Params, Event, Snapshot, Errors, Presence>,
): Channel<
  SchemaInput<Params>,
  SchemaInput<Event>,
  SchemaOutput<Event>,
  SchemaOutput<Params>,
  ServerExtras<Snapshot, Errors, Presence>
> {
  const { presence } = options;
  const isSchema = presence !== undefined && '~standard' in presence;
  const state = isSchema ? presence : (presence as PresenceOptions<never, never, Schema, never> | undefined)?.state;
  return createChannel(
    {
      params: options.params ?? null,
      event: options.event,
      history: readHistory(options.history),
      errors: options.errors ?? {},
      presence: (state as Schema | undefined) ?? null,
    },
    {
      '~rules': readRules(options),
      '~delivery': readKeyedDelivery(options),
      '~snapshot': (options.snapshot as AnySnapshotHandler | undefined) ?? null,
      '~presence':
        presence === undefined
          ? null
          : readPresence(isSchema ? {} : (presence as unknown as PresenceRules<never, never, never>)),
    },
  );
}

/** A contract's channel with its rules; `null` when `given` holds none, or belongs to another channel. */
export function implementChannel(declared: AnyChannel, given: unknown): ServerChannel | null {
  if (typeof given === 'function') {
    return (given as Partial<ServerChannel>)['~contract'] === declared ? (given as unknown as ServerChannel) : null;
  }
  if (typeof given !== 'object' || given === null) return null;
  const { subscribe, readHistory, publish = 'server' } = given as ChannelRulesOptions<never, never, never>;
  if (readHistory !== undefined && typeof readHistory !== 'function') return null;
  if (subscribe !== undefined && typeof subscribe !== 'function') return null;
  if (publish !== 'server' && typeof publish !== 'function') return null;
  const { snapshot, presence } = given as {
    readonly snapshot?: unknown;
    presence?: PresenceRules<never, never, never>;
  };
  if (presence !== undefined && (declared['~definition'].presence ?? null) === null) return null;
  // A state that the contract does not declare would reach clients unchecked.
  if (typeof snapshot !== ((declared['~definition'].snapshot ?? null) === null ? 'undefined' : 'function')) return null;
  return createChannel(declared['~definition'], {
    '~rules': readRules(given as ChannelRulesOptions<never, never, never>),
    '~delivery': readKeyedDelivery(given as ChannelRulesOptions<never, never, never>),
    '~snapshot': (snapshot as AnySnapshotHandler | undefined) ?? null,
    '~presence': (declared['~definition'].presence ?? null) === null ? null : readPresence(presence ?? {}),
    '~contract': declared,
  });
}

function readRules<Context, Params, Event>({
  subscribe,
  readHistory,
  publish = 'server',
}: ChannelRulesOptions<Context, Params, Event>): ChannelRules {
  return {
    subscribe: (subscribe as AnyRule | undefined) ?? null,
    readHistory: (readHistory as AnyRule | undefined) ?? null,
    publish: publish === 'server' ? null : (publish as AnyRule),
  };
}

function readKeyedDelivery<Context, Params, Event>(
  options: ChannelRulesOptions<Context, Params, Event>,
): KeyedDelivery {
  return {
    ...readDelivery(options as unknown as DeliveryOptions<never>),
    key: (options.key as KeyedDelivery['key'] | undefined) ?? null,
  };
}
