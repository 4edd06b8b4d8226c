import { UsageError } from '../errors.ts';
import type { DeclaredErrors, ErrorSchemas } from './procedure.ts';
import type { Schema } from './schema.ts';

/** How much of a channel a returning client can recover. */
export interface HistoryOptions {
  /** Most events kept per topic. @default 100 */
  readonly size?: number;
  /** Age after which an event is forgotten, in milliseconds. @default 300_000 */
  readonly ttlMs?: number;
  /**
   * Most that is kept of a topic, in UTF-16 units of its encoded events; an event above it is not kept at all.
   * @default 1_048_576
   */
  readonly bytes?: number;
}

/** The part of a channel that both ends know at run time. */
export interface ChannelDefinition {
  readonly params: Schema | null;
  readonly event: Schema;
  readonly history: Required<HistoryOptions> | null;
  /** Checks the state a subscriber begins with. `null` where none is declared. */
  readonly snapshot?: Schema | null;
  /** Failures its rules declare. */
  readonly errors?: Readonly<ErrorSchemas>;
  /** Checks what members say of themselves. `null` where none are declared. */
  readonly presence?: Schema | null;
}

/** What a channel may give besides its events. */
export interface ChannelExtras {
  /** The state a subscriber begins with, as it receives it; `never` where the channel gives none. */
  readonly snapshot: unknown;
  /** The same, as the server's handler returns it. */
  readonly snapshotInput: unknown;
  /** What its rules may fail with: code to `data`, as a client reads it and as a rule writes it. */
  readonly errors: DeclaredErrors;
  readonly errorsInput: DeclaredErrors;
  /** What members are told of each other; `undefined` where nobody can be present. */
  readonly presence: unknown;
  /** The same, as a member says it. */
  readonly presenceInput: unknown;
}

/** A channel of events and nothing besides. */
export interface NoExtras {
  readonly snapshot: never;
  readonly snapshotInput: never;
  readonly errors: Record<never, never>;
  readonly errorsInput: Record<never, never>;
  readonly presence: undefined;
  readonly presenceInput: undefined;
}

/** One topic: a channel together with its parameters. Made by calling the channel. */
export interface Topic<EventInput> {
  readonly channel: AnyChannel;
  readonly params: unknown;
  readonly '~types'?: { readonly event: EventInput };
}

/**
 * A channel of the contract; call it with parameters to name one of its topics. `Params` is what the caller passes,
 * `EventInput` what a publisher passes, `Event` what a subscriber receives, `ParsedParams` what the server's rules get,
 * `Extras` what it gives besides.
 */
export interface Channel<Params, EventInput, Event, ParsedParams = Params, Extras extends ChannelExtras = NoExtras> {
  (...args: undefined extends Params ? [params?: Params] : [params: Params]): Topic<EventInput>;
  readonly '~kind': 'channel';
  readonly '~definition': ChannelDefinition;
  readonly '~types'?: {
    readonly params: Params;
    readonly eventInput: EventInput;
    readonly event: Event;
    readonly parsedParams: ParsedParams;
    readonly extras: Extras;
  };
}

/** Any channel, whatever its types; only its definition can be used. */
export interface AnyChannel {
  readonly '~kind': 'channel';
  readonly '~definition': ChannelDefinition;
}

/** Attaches a definition to a function that names topics. `added` is what the server adds: its rules. */
export function createChannel<
  Params,
  EventInput,
  Event,
  ParsedParams,
  Extras extends ChannelExtras,
  Added extends object,
>(definition: ChannelDefinition, added: Added): Channel<Params, EventInput, Event, ParsedParams, Extras> & Added {
  const channel = (params?: unknown): Topic<EventInput> => ({ channel: declared, params });
  const declared = Object.assign(channel, { '~kind': 'channel' as const, '~definition': definition }, added);
  return declared as unknown as Channel<Params, EventInput, Event, ParsedParams, Extras> & Added;
}

const historyDefaults: Required<HistoryOptions> = { size: 100, ttlMs: 300_000, bytes: 1_048_576 };

/**
 * Fills in the defaults; `undefined` keeps no history.
 *
 * @throws {UsageError} `BAD_OPTION`
 */
export function readHistory(history: HistoryOptions | undefined): Required<HistoryOptions> | null {
  if (history === undefined) return null;
  const read: { -readonly [Name in keyof HistoryOptions]-?: number } = { ...historyDefaults };
  for (const [name, value] of Object.entries(history)) {
    if (value === undefined) continue;
    if (!Object.hasOwn(historyDefaults, name) || typeof value !== 'number' || !(value >= 0)) {
      throw new UsageError(
        'BAD_OPTION',
        `history.${name} is ${String(value)}; there are size, ttlMs and bytes, numbers of at least 0`,
      );
    }
    read[name as keyof HistoryOptions] = value;
  }
  return read;
}
