import type { Topic } from '@typewire/core';
import type { Caller } from '../caller.ts';
import type { Fail } from '../failure.ts';

/** What a handler is given. Properties are made when first read: take only what you use. */
export interface HandlerArguments<Context, Input, Errors> {
  readonly input: Input;
  readonly ctx: Context;
  /** Fires when nobody waits any more: cancelled, deadline passed or connection lost. */
  readonly signal: AbortSignal;
  readonly caller: Caller;
  /** Id of this request, `<session>.<counter>`: for logs, traces and as a key for what it created. */
  readonly requestId: string;
  readonly fail: Fail<Errors>;
  /** Publishes an event on a topic of the same router. */
  publish<Event>(topic: Topic<Event>, event: Event): Promise<void>;
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
