import type { Schema, UploadProcedure } from '@typewire/core';
import type { ErrorSchemas, SchemaInput, SchemaOutput, ZodSchema } from '@typewire/core/internal';
import type { NoCallees } from '../caller.ts';
import type { CallLimits } from './call-limits.ts';
import type { MaybePromise, SchemaHandlerArguments } from './handler.ts';

/** What a handler is given whose caller sends chunks. */
export interface UploadHandlerArguments<Context, InputSchema, ChunkSchema, Errors, Callees = NoCallees>
  extends SchemaHandlerArguments<Context, InputSchema, Errors, Callees> {
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
export interface UploadBuilder<Context, InputSchema, ChunkSchema, OutputSchema, Errors, Callees = NoCallees> {
  output<S extends ZodSchema>(schema: S): UploadBuilder<Context, InputSchema, ChunkSchema, S, Errors, Callees>;
  output<S extends Schema>(schema: S): UploadBuilder<Context, InputSchema, ChunkSchema, S, Errors, Callees>;
  errors<S extends ErrorSchemas>(
    schemas: S,
  ): UploadBuilder<Context, InputSchema, ChunkSchema, OutputSchema, Errors & S, Callees>;
  limits(limits: CallLimits): UploadBuilder<Context, InputSchema, ChunkSchema, OutputSchema, Errors, Callees>;
  /** Chunks one way, one answer the other. Never repeated by itself. */
  mutation<Value>(
    handler: (
      args: UploadHandlerArguments<Context, InputSchema, ChunkSchema, Errors, Callees>,
    ) => MaybePromise<Returns<OutputSchema, Value>>,
  ): UploadProcedure<'upload', InputSchema, ChunkSchema, Receives<OutputSchema, Value>, Errors>;
  /** Chunks one way, items the other, both at the pace of their reader. */
  stream<Value>(
    handler: (
      args: UploadHandlerArguments<Context, InputSchema, ChunkSchema, Errors, Callees>,
    ) => AsyncIterable<Returns<OutputSchema, Value>>,
  ): UploadProcedure<'duplex', InputSchema, ChunkSchema, Receives<OutputSchema, Value>, Errors>;
}
