import type { Position, SchemaTypes, Topic } from '@typewire/core';
import type { SchemaInput } from '@typewire/core/internal';
import type { CallerOf, NoCallees } from '../caller.ts';
import type { PublishOptions } from '../channels/publication.ts';
import type { Fail } from '../failure.ts';
import type { AnyScope, NoInput, Scope } from './scope.ts';

/**
 * What every handler is given. Properties are made when first read: take only what you use. It is told by schemas, so
 * that what they infer is worked out when a handler asks for it, and stands alone: a base would cost the compiler as
 * much again at each procedure.
 */
export interface SchemaHandlerArguments<Shared extends AnyScope, Input extends SchemaTypes, Errors> {
  readonly input: Input['output'];
  readonly ctx: Shared['context'];
  /**
   * Fires when nobody waits any more: cancelled, deadline passed or session over. Given to a call of a Typewire client
   * it brings the deadline along: that call waits no longer than this one has left. Signals made from it, with
   * `AbortSignal.any` say, do not: give those calls `timeoutMs: remainingMs()`.
   */
  readonly signal: AbortSignal;
  /** Milliseconds until the deadline of this call, at least 1; `Infinity` when its caller waits for ever. */
  remainingMs(): number;
  /** Who calls, and what can be called of it: `await caller.confirm.query(…)`. */
  readonly caller: CallerOf<Shared['callees']>;
  /** Id of this request, `<session>.<counter>`: for logs, traces and as a key for what it created. */
  readonly requestId: string;
  readonly fail: Fail<{ [Code in keyof Errors]: SchemaInput<Errors[Code]> }>;
  /** Publishes an event on a topic of the same router. Resolves with its place in the log. */
  publish<Event>(topic: Topic<Event>, event: Event, options?: PublishOptions): Promise<Position>;
}

/** The same by types, for procedures of a contract. */
export interface HandlerArguments<Context, Input, Errors, Callees = NoCallees>
  extends Omit<SchemaHandlerArguments<Scope<Context, Callees>, NoInput, unknown>, 'input' | 'fail'> {
  readonly input: Input;
  readonly fail: Fail<Errors>;
}

/** What the handler of a stream is given. */
export interface SchemaStreamArguments<Shared extends AnyScope, Input extends SchemaTypes, Errors>
  extends SchemaHandlerArguments<Shared, Input, Errors> {
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
