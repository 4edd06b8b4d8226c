import type { CallerOf, NoCallees } from '../caller.ts';
import type { Fail } from '../failure.ts';

/** What `next` gives back: proof that the rest ran, with what was added to the context for the compiler. */
export interface MiddlewareOutcome<Extra extends object> {
  readonly '~extra'?: Extra;
}

/** Runs the rest of the chain with `extra` added to the context. */
export interface Next {
  (): Promise<MiddlewareOutcome<Record<never, never>>>;
  <Extra extends object>(extra: Extra): Promise<MiddlewareOutcome<Extra>>;
}

export interface MiddlewareArguments<Context, Callees = NoCallees> {
  readonly ctx: Context;
  readonly caller: CallerOf<Callees>;
  readonly path: string;
  readonly next: Next;
  readonly fail: Fail<Record<never, never>>;
}

/** Runs around every procedure built on it. It must return what `next` returned, or throw. */
export type Middleware<Context, Extra extends object, Callees = NoCallees> = (
  args: MiddlewareArguments<Context, Callees>,
) => MiddlewareOutcome<Extra> | Promise<MiddlewareOutcome<Extra>>;

export type AnyMiddleware = Middleware<never, object>;

/** `Base` with the properties of `Extra` in place of its own. */
export type Overwrite<Base, Extra> = keyof Extra extends never ? Base : Omit<Base, keyof Extra> & Extra;
