import type { SchemaTypes } from '@typewire/core';

/**
 * What the steps of one declaration hand on unchanged: the context of its handlers, and what they call of their callers.
 * One type rather than two, since the compiler pays for each parameter of a builder at each step of each procedure.
 */
export interface Scope<Context, Callees> {
  readonly context: Context;
  readonly callees: Callees;
}

export interface AnyScope {
  readonly context: unknown;
  readonly callees: unknown;
}

/** The errors of a procedure that declares none. */
export type NoErrors = Record<never, never>;

/** The input of a procedure that takes none. */
export type NoInput = SchemaTypes<undefined>;
