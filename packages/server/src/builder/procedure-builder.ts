import type { Procedure, Schema, SchemaTypes } from '@typewire/core';
import type { ErrorSchemas, StandardTypes, ZodSchema } from '@typewire/core/internal';
import type { CallLimits } from './call-limits.ts';
import type { ContractHandler, ContractHandlerArguments } from './contract-handler.ts';
import type { DeclaredBuilder } from './declared-builder.ts';
import type { SchemaHandlerArguments, SchemaStreamArguments } from './handler.ts';
import type { Middleware, Overwrite } from './middleware.ts';
import type { AnyScope, NoErrors, Scope } from './scope.ts';
import type { Tracked } from './tracked.ts';
import type { UploadBuilder } from './upload-builder.ts';

/**
 * Declares procedures step by step; every step returns a new builder, so that a common beginning can be shared.
 * `Input` is what its schema takes and makes of it: see `Procedure`.
 */
export interface ProcedureBuilder<Shared extends AnyScope, Input extends SchemaTypes> {
  /** Runs around everything built on the result, and may narrow its context. */
  use<Extra extends object>(
    middleware: Middleware<Shared['context'], Extra, Shared['callees']>,
  ): ProcedureBuilder<Scope<Overwrite<Shared['context'], Extra>, Shared['callees']>, Input>;
  /** Checks the input; handlers get the schema's output. */
  input<S extends ZodSchema>(schema: S): ProcedureBuilder<Shared, S['_zod']>;
  input<S extends Schema>(schema: S): ProcedureBuilder<Shared, StandardTypes<S>>;
  /** Checks what handlers return (for a stream: each item); failing it is the server's own error. */
  output<S extends ZodSchema>(schema: S): DeclaredBuilder<Shared, Input, S, NoErrors>;
  output<S extends Schema>(schema: S): DeclaredBuilder<Shared, Input, S, NoErrors>;
  /** Declares failures that reach the caller with typed `data`. */
  errors<S extends ErrorSchemas>(schemas: S): DeclaredBuilder<Shared, Input, undefined, S>;
  /**
   * Bounds each procedure built on the result: how many of its calls run at once, and for how long. Of two that name
   * the same limit the later counts.
   *
   * @throws {UsageError} `BAD_OPTION` for a limit that is not above 0.
   */
  limits(limits: CallLimits): ProcedureBuilder<Shared, Input>;
  /** A call that is safe to repeat. */
  query<Value>(
    handler: (args: SchemaHandlerArguments<Shared, Input, NoErrors>) => Value,
  ): Procedure<'query', Input, Value, NoErrors>;
  /** A call that is not. */
  mutation<Value>(
    handler: (args: SchemaHandlerArguments<Shared, Input, NoErrors>) => Value,
  ): Procedure<'mutation', Input, Value, NoErrors>;
  /**
   * Many values for one caller: the handler is an async generator, or returns an async iterable. What it yields as
   * `tracked(id, value)` can be gone on from after a lost session.
   */
  stream<Value>(
    handler: (args: SchemaStreamArguments<Shared, Input, NoErrors>) => AsyncIterable<Value | Tracked<Value>>,
  ): Procedure<'stream', Input, Value, NoErrors>;
  /** Takes many chunks from the caller, each checked by `schema`; handlers get them as `incoming`. */
  upload<S extends ZodSchema>(schema: S): UploadBuilder<Shared, Input, S, undefined, NoErrors>;
  upload<S extends Schema>(schema: S): UploadBuilder<Shared, Input, S, undefined, NoErrors>;
  /**
   * A handler for a procedure of a contract, behind the middlewares and limits of this builder: stands in `implement` where a
   * bare handler could. The contract says what it takes and gives.
   *
   * @throws {UsageError} `BAD_CONTRACT` on a builder with an input, an output or errors of its own.
   */
  handler<Input, ContractErrors, Result, Chunk = never>(
    handler: (
      args: ContractHandlerArguments<Shared['context'], Input, ContractErrors, Chunk, Shared['callees']>,
    ) => Result,
  ): ContractHandler<Input, ContractErrors, Result, Chunk>;
}
