import type { CallError, CallErrorCode } from '../errors.ts';
import type { Schema, SchemaInput, SchemaOutput, SchemaTypes } from './schema.ts';

/** `upload` takes many chunks and is answered once; `duplex` takes chunks and gives items. */
export type ProcedureKind = 'query' | 'mutation' | 'stream' | 'upload' | 'duplex';
/** The kinds whose caller sends chunks. */
export type UploadKind = 'upload' | 'duplex';

/** Whether calls of this kind are answered with items, rather than once. */
export function givesItems(kind: ProcedureKind): boolean {
  return kind === 'stream' || kind === 'duplex';
}

/** Whether callers of this kind send chunks. */
export function takesChunks(kind: ProcedureKind): kind is UploadKind {
  return kind === 'upload' || kind === 'duplex';
}

/** Errors a procedure declares: code to the type of its `data`. */
export type DeclaredErrors = Record<string, unknown>;
/** The same as schemas, as written in `.errors({ … })`. */
export type ErrorSchemas = Record<string, Schema>;

/** What a handler or rule fails with, as it writes it. */
export type ErrorInput<Schemas> = { [Code in keyof Schemas]: SchemaInput<Schemas[Code]> };

/** The part of a procedure that both ends know at run time. */
export interface ProcedureDefinition {
  readonly input: Schema | null;
  readonly output: Schema | null;
  readonly errors: Readonly<ErrorSchemas>;
  /** Checks each chunk of a caller; `null` for a procedure that takes none. */
  readonly chunk: Schema | null;
}

/**
 * A procedure: `Input` is what its schema takes and makes of it (both `undefined` without one), `Output` is what the
 * caller receives (per item for a stream), or a promise of it, `Errors` are the schemas of the failures it declares. It
 * holds where the types stand rather than the types, so that of a thousand procedures only those that are called cost
 * the compiler anything. What becomes of the errors is written out, since editors show a named type by its name.
 */
export interface Procedure<Kind extends ProcedureKind, Input extends SchemaTypes, Output, Errors> {
  readonly '~kind': Kind;
  readonly '~definition': ProcedureDefinition;
  /** For the compiler only. */
  readonly '~types'?: {
    readonly input: Input['input'];
    readonly output: Awaited<Output>;
    readonly errors: { [Code in keyof Errors]: SchemaOutput<Errors[Code]> };
  };
}

/** A procedure as its contract declares it: with what its handler, which is yet to be written, gets and gives. */
export interface ContractProcedure<Kind extends ProcedureKind, InputSchema, OutputSchema, Errors> {
  readonly '~kind': Kind;
  readonly '~definition': ProcedureDefinition;
  readonly '~types'?: {
    readonly input: SchemaInput<InputSchema>;
    readonly output: OutputSchema extends undefined ? unknown : SchemaOutput<OutputSchema>;
    readonly errors: { [Code in keyof Errors]: SchemaOutput<Errors[Code]> };
  };
  readonly '~handler'?: {
    readonly input: SchemaOutput<InputSchema>;
    readonly output: OutputSchema extends undefined ? unknown : SchemaInput<OutputSchema>;
    readonly errors: { [Code in keyof Errors]: SchemaInput<Errors[Code]> };
  };
}

/** A procedure whose caller sends chunks. */
export interface UploadProcedure<Kind extends UploadKind, Input extends SchemaTypes, ChunkSchema, Output, Errors> {
  readonly '~kind': Kind;
  readonly '~definition': ProcedureDefinition;
  /** For the compiler only. */
  readonly '~types'?: {
    readonly input: Input['input'];
    readonly output: Output;
    readonly errors: { [Code in keyof Errors]: SchemaOutput<Errors[Code]> };
    readonly chunk: SchemaInput<ChunkSchema>;
  };
}

/** The same as its contract declares it. */
export interface ContractUploadProcedure<Kind extends UploadKind, InputSchema, ChunkSchema, OutputSchema, Errors> {
  readonly '~kind': Kind;
  readonly '~definition': ProcedureDefinition;
  readonly '~types'?: {
    readonly input: SchemaInput<InputSchema>;
    readonly output: OutputSchema extends undefined ? unknown : SchemaOutput<OutputSchema>;
    readonly errors: { [Code in keyof Errors]: SchemaOutput<Errors[Code]> };
    readonly chunk: SchemaInput<ChunkSchema>;
  };
  readonly '~handler'?: {
    readonly input: SchemaOutput<InputSchema>;
    readonly output: OutputSchema extends undefined ? unknown : SchemaInput<OutputSchema>;
    readonly errors: { [Code in keyof Errors]: SchemaInput<Errors[Code]> };
    readonly chunk: SchemaOutput<ChunkSchema>;
  };
}

/** Any procedure, whatever its types; only its definition can be used. */
export interface AnyProcedure {
  readonly '~kind': ProcedureKind;
  readonly '~definition': ProcedureDefinition;
}

/** Every way a call with these declared errors can fail; `error.code` narrows `error.data`. */
export type CallFailure<Errors extends DeclaredErrors> =
  | { [Code in keyof Errors & string]: CallError<Code, Errors[Code]> }[keyof Errors & string]
  | CallError<CallErrorCode, unknown>;

/** A promise that also carries, for the compiler, how it may reject. See `safe`. */
export interface CallPromise<Output, Errors extends DeclaredErrors> extends Promise<Output> {
  readonly '~errors'?: Errors;
}
