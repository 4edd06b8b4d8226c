import type { Channel, HistoryOptions, Schema } from '@typewire/core';
import {
  type AnyChannel,
  type ChannelDefinition,
  createChannel,
  readHistory,
  type SchemaInput,
  type SchemaOutput,
} from '@typewire/core/internal';
import type { Caller } from '../caller.ts';
import type { MaybePromise } from './handler.ts';

export interface RuleArguments<Context, Params> {
  readonly ctx: Context;
  readonly params: Params;
  readonly caller: Caller;
}

/** Decides whether a client may; `false` refuses with `FORBIDDEN`. */
export type Rule<Args> = (args: Args) => MaybePromise<boolean>;

export interface ChannelOptions<Context, Params extends Schema | undefined, Event extends Schema> {
  /** Parameters that name a topic; leave out for a channel that is one topic. They must be plain JSON. */
  readonly params?: Params;
  /** Checked once for each event, before it goes out. */
  readonly event: Event;
  /** What a returning client can recover, and a new one rewind. @default none */
  readonly history?: HistoryOptions;
  /** Who may subscribe. @default nobody */
  readonly subscribe?: Rule<RuleArguments<Context, SchemaOutput<Params>>>;
  /** Who may publish: the server alone, or a rule for clients. @default 'server' */
  readonly publish?:
    | 'server'
    | Rule<RuleArguments<Context, SchemaOutput<Params>> & { readonly event: SchemaOutput<Event> }>;
}

type AnyRule = Rule<RuleArguments<unknown, unknown> & { readonly event?: unknown }>;

export interface ChannelRules {
  readonly subscribe: AnyRule | null;
  readonly publish: AnyRule | null;
}

export interface ServerChannel extends AnyChannel {
  readonly '~definition': ChannelDefinition;
  readonly '~rules': ChannelRules;
}

/** Declares a channel with its rules. Its type is the shared one: rules never reach the client's types. */
export function createServerChannel<Context, Event extends Schema, Params extends Schema | undefined>(
  options: ChannelOptions<Context, Params, Event>,
): Channel<SchemaInput<Params>, SchemaInput<Event>, SchemaOutput<Event>, SchemaOutput<Params>> {
  const publish = options.publish ?? 'server';
  const rules: ChannelRules = {
    subscribe: (options.subscribe as AnyRule | undefined) ?? null,
    publish: publish === 'server' ? null : (publish as AnyRule),
  };
  return createChannel(
    { params: options.params ?? null, event: options.event, history: readHistory(options.history) },
    { '~rules': rules },
  );
}
