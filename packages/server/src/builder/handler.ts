import type { Position, Topic } from '@typewire/core';
import type { ErrorInput, SchemaOutput } from '@typewire/core/internal';
import type { CallerOf, NoCallees } from '../caller.ts';
import type { PublishOptions } from '../channels/publication.ts';
import type { Fail } from '../failure.ts';

/** What every handler is given. Properties are made when first read: take only what you use. */
export interface RequestArguments<Context, Errors, Callees = NoCallees> {
  readonly ctx: Context;
  /**
   * Fires when nobody waits any more: cancelled, deadline passed or session over. Given to a call of a Typewire client
   * it brings the deadline along: that call waits no longer than this one has left. Signals made from it, with
   * `AbortSignal.any` say, do not: give those calls `timeoutMs: remainingMs()`.
   */
  readonly signal: AbortSignal;
  /** Milliseconds until the deadline of this call, at least 1; `Infinity` when its caller waits for ever. */
  remainingMs(): number;
  /** Who calls, and what can be called of it: `await caller.confirm.query(…)`. */
  readonly caller: CallerOf<Callees>;
  /** Id of this request, `<session>.<counter>`: for logs, traces and as a key for what it created. */
  readonly requestId: string;
  readonly fail: Fail<Errors>;
  /** Publishes an event on a topic of the same router. Resolves with its place in the log. */
  publish<Event>(topic: Topic<Event>, event: Event, options?: PublishOptions): Promise<Position>;
}

/** What a handler with this input is given. */
export interface HandlerArguments<Context, Input, Errors, Callees = NoCallees>
  extends RequestArguments<Context, Errors, Callees> {
  readonly input: Input;
}

/** The same by schemas: what they infer is worked out when a handler asks for it, and not before. */
export interface SchemaHandlerArguments<Context, InputSchema, Errors, Callees = NoCallees>
  extends RequestArguments<Context, ErrorInput<Errors>, Callees> {
  readonly input: SchemaOutput<InputSchema>;
}

/** The same for a stream. */
export interface SchemaStreamArguments<Context, InputSchema, Errors, Callees = NoCallees>
  extends SchemaHandlerArguments<Context, InputSchema, Errors, Callees> {
  /** Id of the last item the caller has, when it opens the stream again; `null` the first time. See `tracked`. */
  readonly lastEventId: string | null;
}

export type MaybePromise<Value> = Value | PromiseLike<Value>;

/** The handler of a query or mutation. */
export type Handler<Context, Input, Errors, Output> = (
  args: HandlerArguments<Context, Input, Errors>,
) => MaybePromise<Output>;

/** The handler of a stream: an async generator, or anything that returns an async iterable. */
export type StreamHandler<Context, Input, Errors, Item> = (
  args: HandlerArguments<Context, Input, Errors>,
) => AsyncIterable<Item>;

export type AnyHandler = (args: HandlerArguments<never, never, never>) => unknown;
