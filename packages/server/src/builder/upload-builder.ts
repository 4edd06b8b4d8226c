import type { Schema, SchemaTypes, UploadProcedure } from '@typewire/core';
import type { ErrorSchemas, SchemaInput, SchemaOutput, ZodSchema } from '@typewire/core/internal';
import type { CallLimits } from './call-limits.ts';
import type { MaybePromise, SchemaHandlerArguments } from './handler.ts';
import type { AnyScope } from './scope.ts';

/** What a handler is given whose caller sends chunks. */
export interface UploadHandlerArguments<S extends AnyScope, Input extends SchemaTypes, ChunkSchema, Errors>
  extends SchemaHandlerArguments<S, Input, Errors> {
  /**
   * The caller's chunks, each checked. The caller is asked for the first when this is first read, and is never more than
   * `limits.uploadWindow` ahead; leaving the loop tells it to stop. The loop throws `CallError` `ABORTED` when
   * the caller breaks off.
   */
  readonly incoming: AsyncIterable<SchemaOutput<ChunkSchema>>;
}

/** What a handler returns, and what the caller receives of it: the handler's own type where no schema says otherwise. */
export type Returns<OutputSchema, Value> = OutputSchema extends undefined ? Value : SchemaInput<OutputSchema>;
export type Receives<OutputSchema, Value> = OutputSchema extends undefined ? Value : SchemaOutput<OutputSchema>;

/** The rest of a declaration whose caller sends chunks; see `ProcedureBuilder` for the steps. */
export interface UploadBuilder<Shared extends AnyScope, Input extends SchemaTypes, ChunkSchema, OutputSchema, Errors> {
  output<S extends ZodSchema>(schema: S): UploadBuilder<Shared, Input, ChunkSchema, S, Errors>;
  output<S extends Schema>(schema: S): UploadBuilder<Shared, Input, ChunkSchema, S, Errors>;
  errors<S extends ErrorSchemas>(schemas: S): UploadBuilder<Shared, Input, ChunkSchema, OutputSchema, Errors & S>;
  limits(limits: CallLimits): UploadBuilder<Shared, Input, ChunkSchema, OutputSchema, Errors>;
  /** Chunks one way, one answer the other. Never repeated by itself. */
  mutation<Value>(
    handler: (
      args: UploadHandlerArguments<Shared, Input, ChunkSchema, Errors>,
    ) => MaybePromise<Returns<OutputSchema, Value>>,
  ): UploadProcedure<'upload', Input, ChunkSchema, Receives<OutputSchema, Value>, Errors>;
  /** Chunks one way, items the other, both at the pace of their reader. */
  stream<Value>(
    handler: (
      args: UploadHandlerArguments<Shared, Input, ChunkSchema, Errors>,
    ) => AsyncIterable<Returns<OutputSchema, Value>>,
  ): UploadProcedure<'duplex', Input, ChunkSchema, Receives<OutputSchema, Value>, Errors>;
}
