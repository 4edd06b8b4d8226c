import type { Channel, Procedure, Router, Schema } from '@typewire/core';
import {
  createRouter,
  type ErrorData,
  type ErrorInput,
  type ErrorSchemas,
  type ProcedureKind,
  type RouterTree,
  type SchemaInput,
  type SchemaOutput,
} from '@typewire/core/internal';
import type { AnyHandler, Handler, StreamHandler } from './handler.ts';
import type { AnyMiddleware, Middleware, Overwrite } from './middleware.ts';
import { type ChannelOptions, createServerChannel } from './server-channel.ts';
import type { ServerProcedureDefinition } from './server-procedure.ts';

/** Stands for an output without a schema: the handler's own return type is the output. */
interface Inferred {
  readonly '~inferred': true;
}

/** What a handler may return where the caller receives `Out`. */
interface OutputTypes {
  readonly in: unknown;
  readonly out: unknown;
}

/** The errors of a procedure as its handler writes and its caller reads them. */
interface ErrorTypes {
  readonly in: Record<string, unknown>;
  readonly out: Record<string, unknown>;
}

type Returns<Output, Value> = Output extends OutputTypes ? Output['in'] : Value;
type Receives<Output, Value> = Output extends OutputTypes ? Output['out'] : Value;

/**
 * Declares procedures step by step; every step returns a new builder, so that a common beginning can be shared.
 * `Input` is what callers pass, `Parsed` what handlers get.
 */
export interface ProcedureBuilder<Context, Input, Parsed, Output, Errors extends ErrorTypes> {
  /** Runs around everything built on the result, and may narrow its context. */
  use<Extra extends object>(
    middleware: Middleware<Context, Extra>,
  ): ProcedureBuilder<Overwrite<Context, Extra>, Input, Parsed, Output, Errors>;
  /** Checks the input; handlers get the schema's output. */
  input<S extends Schema>(schema: S): ProcedureBuilder<Context, SchemaInput<S>, SchemaOutput<S>, Output, Errors>;
  /** Checks what handlers return (for a stream: each item); failing it is the server's own error. */
  output<S extends Schema>(
    schema: S,
  ): ProcedureBuilder<Context, Input, Parsed, { in: SchemaInput<S>; out: SchemaOutput<S> }, Errors>;
  /** Declares failures that reach the caller with typed `data`. */
  errors<S extends ErrorSchemas>(
    schemas: S,
  ): ProcedureBuilder<
    Context,
    Input,
    Parsed,
    Output,
    { in: Errors['in'] & ErrorInput<S>; out: Errors['out'] & ErrorData<S> }
  >;
  /** A call that is safe to repeat. */
  query<Value>(
    handler: Handler<Context, Parsed, Errors['in'], Returns<Output, Value>>,
  ): Procedure<'query', Input, Receives<Output, Value>, Errors['out']>;
  /** A call that is not. */
  mutation<Value>(
    handler: Handler<Context, Parsed, Errors['in'], Returns<Output, Value>>,
  ): Procedure<'mutation', Input, Receives<Output, Value>, Errors['out']>;
  /** Many values for one caller. */
  stream<Value>(
    handler: StreamHandler<Context, Parsed, Errors['in'], Returns<Output, Value>>,
  ): Procedure<'stream', Input, Receives<Output, Value>, Errors['out']>;
}

/** The root of a declaration. */
export interface Typewire<Context>
  extends ProcedureBuilder<
    Context,
    undefined,
    undefined,
    Inferred,
    { in: Record<never, never>; out: Record<never, never> }
  > {
  /** A topic per set of parameters, on which the server decides what goes out. */
  channel<Event extends Schema, Params extends Schema | undefined = undefined>(
    options: ChannelOptions<Context, Params, Event>,
  ): Channel<Params extends Schema ? SchemaInput<Params> : undefined, SchemaInput<Event>, SchemaOutput<Event>>;
  /** Joins procedures and channels under names; the type of the result is what clients import. */
  router<Tree extends RouterTree>(tree: Tree): Router<Tree, Context>;
}

type AnyBuilder = Omit<Typewire<unknown>, 'channel' | 'router'>;
type Settings = Omit<ServerProcedureDefinition, 'handler'>;

function createBuilder(settings: Settings): AnyBuilder {
  const finish =
    (kind: ProcedureKind) =>
    (handler: AnyHandler): unknown => ({ '~kind': kind, '~definition': { ...settings, handler } });
  const builder = {
    use: (middleware: AnyMiddleware) =>
      createBuilder({ ...settings, middlewares: [...settings.middlewares, middleware] }),
    input: (input: Schema) => createBuilder({ ...settings, input }),
    output: (output: Schema) => createBuilder({ ...settings, output }),
    errors: (errors: ErrorSchemas) => createBuilder({ ...settings, errors: { ...settings.errors, ...errors } }),
    query: finish('query'),
    mutation: finish('mutation'),
    stream: finish('stream'),
  };
  return builder as unknown as AnyBuilder;
}

/** Starts a declaration whose handlers get `Context`, which `authenticate` supplies. */
export function typewire<Context = Record<never, never>>(): Typewire<Context> {
  const builder = createBuilder({ input: null, output: null, errors: {}, middlewares: [] });
  return Object.assign(builder, {
    channel: createServerChannel,
    router: createRouter,
  }) as unknown as Typewire<Context>;
}
