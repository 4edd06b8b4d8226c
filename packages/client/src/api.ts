import type { CallPromise, ChannelExtras, HistoryPage, ItemStream, NoExtras, Position, Router } from '@typewire/core';
import type {
  CallOptions,
  HistoryOptions,
  MutateOptions,
  PublishOptions,
  StreamOptions,
  UploadOptions,
} from './options.ts';
import type { SubscribeOptions, Subscription } from './subscription.ts';

/** The input stands first, unless there is none to give. */
type InputArguments<Input, Options = CallOptions> = undefined extends Input
  ? [input?: Input, options?: Options]
  : [input: Input, options?: Options];

export interface QueryApi<Input, Output, Errors extends Record<string, unknown>> {
  /** Asks; repeated by itself when the connection is lost before the answer. Rejects with `CallError`. */
  query(...args: InputArguments<Input>): CallPromise<Output, Errors>;
}

export interface MutationApi<Input, Output, Errors extends Record<string, unknown>> {
  /**
   * Acts; repeated by itself only with an `idempotencyKey`. Rejects with `CallError`, whose `delivery` says whether it
   * may have run.
   */
  mutate(...args: InputArguments<Input, MutateOptions>): CallPromise<Output, Errors>;
}

export interface StreamApi<Input, Item> {
  /** Starts with the first `next()`; leaving the loop cancels on the server. The iterator throws `CallError`. */
  stream(
    ...args: undefined extends Input
      ? [input?: Input, options?: CallOptions & StreamOptions]
      : [input: Input, options?: CallOptions & StreamOptions]
  ): ItemStream<Item>;
}

export interface UploadApi<Input, Chunk, Output, Errors extends Record<string, unknown>> {
  /** Sends chunks, and resolves with the one answer. Never repeated by itself. Rejects with `CallError`. */
  mutate(input: Input, options: CallOptions & UploadOptions<Chunk>): CallPromise<Output, Errors>;
}

export interface DuplexApi<Input, Chunk, Item> {
  /** Sends chunks while it reads items. Starts with the first `next()`; leaving the loop cancels on the server. */
  stream(input: Input, options: CallOptions & UploadOptions<Chunk>): ItemStream<Item>;
}

export interface ChannelApi<Params, EventInput, Event, Extras extends ChannelExtras = NoExtras> {
  /** Follows a topic until it is closed, across lost connections. */
  subscribe(
    ...args: undefined extends Params
      ? [params?: Params, options?: SubscribeOptions]
      : [params: Params, options?: SubscribeOptions]
  ): Subscription<Event, EventInput, Extras['snapshot'], Extras['errors'], Extras['presence'], Extras['presenceInput']>;
  /** A page of the past, oldest first, where the channel lets clients read it. Rejects with `CallError`. */
  history(
    ...args: undefined extends Params
      ? [params?: Params, options?: HistoryOptions]
      : [params: Params, options?: HistoryOptions]
  ): CallPromise<HistoryPage<Event>, Extras['errors']>;
  /** Publishes, where the channel lets clients. Resolves when the server has taken the event. */
  publish(params: Params, event: EventInput, options?: PublishOptions): CallPromise<Position, Extras['errors']>;
}

/**
 * The call that a member of a router stands for; a tree within is a tree again. What most members are comes first, each
 * matched at one go: the compiler pays for every step between.
 */
type MemberApi<Member> =
  Member extends TypedMember<'query', infer Input, infer Output, infer Errors>
    ? QueryApi<Input, Output, Errors>
    : Member extends TypedMember<'mutation', infer Input, infer Output, infer Errors>
      ? MutationApi<Input, Output, Errors>
      : Member extends TypedMember<'stream', infer Input, infer Item, infer _Errors>
        ? StreamApi<Input, Item>
        : Member extends { readonly '~kind': infer Kind extends 'upload' | 'duplex'; readonly '~types'?: infer Types }
          ? ChunkApi<Kind, Types>
          : Member extends { readonly '~kind': 'channel'; readonly '~types'?: infer Types }
            ? TopicApi<Types>
            : Api<Member>;

interface TypedMember<Kind, Input, Output, Errors extends Record<string, unknown>> {
  readonly '~kind': Kind;
  readonly '~types'?: { readonly input: Input; readonly output: Output; readonly errors: Errors };
}

type ChunkApi<Kind, Types> = Types extends {
  readonly input: infer Input;
  readonly output: infer Output;
  readonly errors: infer Errors extends Record<string, unknown>;
  readonly chunk: infer Chunk;
}
  ? Kind extends 'upload'
    ? UploadApi<Input, Chunk, Output, Errors>
    : DuplexApi<Input, Chunk, Output>
  : never;

type TopicApi<Types> = Types extends {
  readonly params: infer Params;
  readonly eventInput: infer EventInput;
  readonly event: infer Event;
  readonly extras: infer Extras extends ChannelExtras;
}
  ? ChannelApi<Params, EventInput, Event, Extras>
  : never;

/**
 * What a client calls, drawn from the type of the server's router: the same tree with a verb at each leaf. A member
 * costs the compiler nothing until it is called.
 */
export type Api<Tree> =
  Tree extends Router<infer Inner, infer _Context>
    ? Api<Inner>
    : { readonly [Name in keyof Tree]: MemberApi<Tree[Name]> };
