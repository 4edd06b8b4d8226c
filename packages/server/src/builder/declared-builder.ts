import type { Procedure, Schema, SchemaTypes } from '@typewire/core';
import type { ErrorSchemas, StandardTypes, ZodSchema } from '@typewire/core/internal';
import type { CallLimits } from './call-limits.ts';
import type { MaybePromise, SchemaHandlerArguments, SchemaStreamArguments } from './handler.ts';
import type { Middleware, Overwrite } from './middleware.ts';
import type { AnyScope, Scope } from './scope.ts';
import type { Tracked } from './tracked.ts';
import type { Receives, Returns, UploadBuilder } from './upload-builder.ts';

/**
 * The rest of a declaration that has an output schema, or errors: with the schema handlers return what it takes, and
 * callers receive what it makes of that. See `ProcedureBuilder` for the steps. It stands apart from that one so that
 * procedures without either cost the compiler less.
 */
export interface DeclaredBuilder<Shared extends AnyScope, Input extends SchemaTypes, OutputSchema, Errors> {
  use<Extra extends object>(
    middleware: Middleware<Shared['context'], Extra, Shared['callees']>,
  ): DeclaredBuilder<Scope<Overwrite<Shared['context'], Extra>, Shared['callees']>, Input, OutputSchema, Errors>;
  input<S extends ZodSchema>(schema: S): DeclaredBuilder<Shared, S['_zod'], OutputSchema, Errors>;
  input<S extends Schema>(schema: S): DeclaredBuilder<Shared, StandardTypes<S>, OutputSchema, Errors>;
  output<S extends ZodSchema>(schema: S): DeclaredBuilder<Shared, Input, S, Errors>;
  output<S extends Schema>(schema: S): DeclaredBuilder<Shared, Input, S, Errors>;
  errors<S extends ErrorSchemas>(schemas: S): DeclaredBuilder<Shared, Input, OutputSchema, Errors & S>;
  /** @throws {UsageError} `BAD_OPTION` for a limit that is not above 0. */
  limits(limits: CallLimits): DeclaredBuilder<Shared, Input, OutputSchema, Errors>;
  query<Value>(
    handler: (args: SchemaHandlerArguments<Shared, Input, Errors>) => MaybePromise<Returns<OutputSchema, Value>>,
  ): Procedure<'query', Input, Receives<OutputSchema, Value>, Errors>;
  mutation<Value>(
    handler: (args: SchemaHandlerArguments<Shared, Input, Errors>) => MaybePromise<Returns<OutputSchema, Value>>,
  ): Procedure<'mutation', Input, Receives<OutputSchema, Value>, Errors>;
  stream<Value>(
    handler: (
      args: SchemaStreamArguments<Shared, Input, Errors>,
    ) => AsyncIterable<Returns<OutputSchema, Value> | Tracked<Returns<OutputSchema, Value>>>,
  ): Procedure<'stream', Input, Receives<OutputSchema, Value>, Errors>;
  upload<S extends ZodSchema>(schema: S): UploadBuilder<Shared, Input, S, OutputSchema, Errors>;
  upload<S extends Schema>(schema: S): UploadBuilder<Shared, Input, S, OutputSchema, Errors>;
}
