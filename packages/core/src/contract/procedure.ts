import type { CallError, CallErrorCode } from '../errors.ts';
import type { Schema, SchemaInput, SchemaOutput } from './schema.ts';

export type ProcedureKind = 'query' | 'mutation' | 'stream';

/** Errors a procedure declares: code to the type of its `data`. */
export type DeclaredErrors = Record<string, unknown>;
/** The same as schemas, as written in `.errors({ … })`. */
export type ErrorSchemas = Record<string, Schema>;

/** What a handler fails with: `In` is written by the handler, `Out` is read by the caller. */
export type ErrorData<Schemas extends ErrorSchemas> = { [Code in keyof Schemas]: SchemaOutput<Schemas[Code]> };
export type ErrorInput<Schemas extends ErrorSchemas> = { [Code in keyof Schemas]: SchemaInput<Schemas[Code]> };

/** The part of a procedure that both ends know at run time. */
export interface ProcedureDefinition {
  readonly input: Schema | null;
  readonly output: Schema | null;
  readonly errors: Readonly<ErrorSchemas>;
}

/**
 * A procedure of the contract. `Input` is what the caller passes, `Output` what it receives (per item for a stream).
 * `~types` exists for the compiler only.
 */
export interface Procedure<Kind extends ProcedureKind, Input, Output, Errors extends DeclaredErrors> {
  readonly '~kind': Kind;
  readonly '~definition': ProcedureDefinition;
  readonly '~types'?: { readonly input: Input; readonly output: Output; readonly errors: Errors };
}

export type AnyProcedure = Procedure<ProcedureKind, unknown, unknown, DeclaredErrors>;

/** Every way a call with these declared errors can fail; `error.code` narrows `error.data`. */
export type CallFailure<Errors extends DeclaredErrors> =
  | { [Code in keyof Errors & string]: CallError<Code, Errors[Code]> }[keyof Errors & string]
  | CallError<CallErrorCode, unknown>;

/** A promise that also carries, for the compiler, how it may reject. See `safe`. */
export interface CallPromise<Output, Errors extends DeclaredErrors> extends Promise<Output> {
  readonly '~errors'?: Errors;
}
