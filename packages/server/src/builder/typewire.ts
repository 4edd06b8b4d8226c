import { type CalleeTree, type Channel, type Procedure, type Router, type Schema, UsageError } from '@typewire/core';
import {
  type AnyRouter,
  createRouter,
  type ErrorSchemas,
  type ProcedureKind,
  type RouterTree,
  readCallees,
  type SchemaInput,
  type SchemaOutput,
  type ZodSchema,
} from '@typewire/core/internal';
import type { NoCallees } from '../caller.ts';
import { type CallLimits, withLimits } from './call-limits.ts';
import type { ContractHandler, ContractHandlerArguments } from './contract-handler.ts';
import type { AnyHandler, MaybePromise, SchemaHandlerArguments, SchemaStreamArguments } from './handler.ts';
import { implementContract } from './implement.ts';
import type { Implementation } from './implementation.ts';
import type { AnyMiddleware, Middleware, Overwrite } from './middleware.ts';
import { type ChannelOptions, createServerChannel, type ServerExtras } from './server-channel.ts';
import { bareSettings, type ServerProcedureDefinition } from './server-procedure.ts';
import type { Tracked } from './tracked.ts';
import type { Receives, Returns, UploadBuilder } from './upload-builder.ts';

/**
 * Declares procedures step by step; every step returns a new builder, so that a common beginning can be shared.
 * The parameters are schemas, `undefined` where none was given: see `Procedure`.
 */
export interface ProcedureBuilder<Context, InputSchema, OutputSchema, Errors, Callees = NoCallees> {
  /** Runs around everything built on the result, and may narrow its context. */
  use<Extra extends object>(
    middleware: Middleware<Context, Extra, Callees>,
  ): ProcedureBuilder<Overwrite<Context, Extra>, InputSchema, OutputSchema, Errors, Callees>;
  /** Checks the input; handlers get the schema's output. */
  input<S extends ZodSchema>(schema: S): ProcedureBuilder<Context, S, OutputSchema, Errors, Callees>;
  input<S extends Schema>(schema: S): ProcedureBuilder<Context, S, OutputSchema, Errors, Callees>;
  /** Checks what handlers return (for a stream: each item); failing it is the server's own error. */
  output<S extends ZodSchema>(schema: S): ProcedureBuilder<Context, InputSchema, S, Errors, Callees>;
  output<S extends Schema>(schema: S): ProcedureBuilder<Context, InputSchema, S, Errors, Callees>;
  /** Declares failures that reach the caller with typed `data`. */
  errors<S extends ErrorSchemas>(schemas: S): ProcedureBuilder<Context, InputSchema, OutputSchema, Errors & S, Callees>;
  /**
   * Bounds each procedure built on the result: how many of its calls run at once, and for how long. Of two that name
   * the same limit the later counts.
   *
   * @throws {UsageError} `BAD_OPTION` for a limit that is not above 0.
   */
  limits(limits: CallLimits): ProcedureBuilder<Context, InputSchema, OutputSchema, Errors, Callees>;
  /** A call that is safe to repeat. */
  query<Value>(
    handler: (
      args: SchemaHandlerArguments<Context, InputSchema, Errors, Callees>,
    ) => MaybePromise<Returns<OutputSchema, Value>>,
  ): Procedure<'query', InputSchema, Receives<OutputSchema, Value>, Errors>;
  /** A call that is not. */
  mutation<Value>(
    handler: (
      args: SchemaHandlerArguments<Context, InputSchema, Errors, Callees>,
    ) => MaybePromise<Returns<OutputSchema, Value>>,
  ): Procedure<'mutation', InputSchema, Receives<OutputSchema, Value>, Errors>;
  /**
   * Many values for one caller: the handler is an async generator, or returns an async iterable. What it yields as
   * `tracked(id, value)` can be gone on from after a lost session.
   */
  stream<Value>(
    handler: (
      args: SchemaStreamArguments<Context, InputSchema, Errors, Callees>,
    ) => AsyncIterable<Returns<OutputSchema, Value> | Tracked<Returns<OutputSchema, Value>>>,
  ): Procedure<'stream', InputSchema, Receives<OutputSchema, Value>, Errors>;
  /** Takes many chunks from the caller, each checked by `schema`; handlers get them as `incoming`. */
  upload<S extends ZodSchema>(schema: S): UploadBuilder<Context, InputSchema, S, OutputSchema, Errors, Callees>;
  upload<S extends Schema>(schema: S): UploadBuilder<Context, InputSchema, S, OutputSchema, Errors, Callees>;
  /**
   * A handler for a procedure of a contract, behind the middlewares and limits of this builder: stands in `implement` where a
   * bare handler could. The contract says what it takes and gives.
   *
   * @throws {UsageError} `BAD_CONTRACT` on a builder with an input, an output or errors of its own.
   */
  handler<Input, ContractErrors, Result, Chunk = never>(
    handler: (args: ContractHandlerArguments<Context, Input, ContractErrors, Chunk, Callees>) => Result,
  ): ContractHandler<Input, ContractErrors, Result, Chunk>;
}

/** The root of a declaration. */
export interface Typewire<Context, Callees = NoCallees>
  extends ProcedureBuilder<Context, undefined, undefined, Record<never, never>, Callees> {
  /**
   * Declares what handlers call of their callers, as a contract does: `t.caller({ confirm: contract.input(…).query() })`,
   * then `await caller.confirm.query(…)`. Clients implement it with the option `handlers`.
   *
   * @throws {UsageError} `BAD_CONTRACT` for a name that is taken, and for what a server cannot call.
   */
  caller<Tree extends CalleeTree>(procedures: Tree): Typewire<Context, Tree>;
  /** A topic per set of parameters, on which the server decides what goes out. */
  channel<
    Event extends Schema,
    Params extends Schema | undefined = undefined,
    Snapshot = never,
    Errors extends ErrorSchemas = Record<never, never>,
  >(
    options: ChannelOptions<Context, Params, Event, Snapshot, Errors>,
  ): Channel<
    SchemaInput<Params>,
    SchemaInput<Event>,
    SchemaOutput<Event>,
    SchemaOutput<Params>,
    ServerExtras<Snapshot, Errors>
  >;
  /** Joins procedures and channels under names; the type of the result is what clients import. */
  router<Tree extends RouterTree>(tree: Tree): Router<Tree, Context, Callees>;
  /**
   * Gives the members of a contract their handlers and rules; does not compile while one is missing or does not fit.
   * A part of the contract may be a router that `implement` made of that part.
   *
   * @throws {UsageError} `BAD_CONTRACT` that names every member without an implementation, and every one too many.
   */
  implement<Tree>(
    contract: Router<Tree>,
    implementation: Implementation<Context, NoInfer<Tree>, Callees>,
  ): Router<Tree, Context, Callees>;
}

type AnyBuilder = Omit<Typewire<unknown>, 'caller' | 'channel' | 'router' | 'implement'>;
type Settings = Omit<ServerProcedureDefinition, 'handler'>;

function createBuilder(settings: Settings): AnyBuilder {
  const takesChunks = settings.chunk !== null;
  const finish =
    (kind: ProcedureKind) =>
    (handler: AnyHandler): unknown => ({ '~kind': kind, '~definition': { ...settings, handler } });
  const builder = {
    handler: (handler: AnyHandler) => {
      if (settings.input !== null || settings.output !== null || Object.keys(settings.errors).length > 0) {
        throw new UsageError('BAD_CONTRACT', 'handler() takes input, output and errors from the contract alone');
      }
      const { middlewares, limits } = settings;
      return { '~kind': 'handler', '~settings': { middlewares, limits }, '~handler': handler };
    },
    use: (middleware: AnyMiddleware) =>
      createBuilder({ ...settings, middlewares: [...settings.middlewares, middleware] }),
    input: (input: Schema) => createBuilder({ ...settings, input }),
    output: (output: Schema) => createBuilder({ ...settings, output }),
    errors: (errors: ErrorSchemas) => createBuilder({ ...settings, errors: { ...settings.errors, ...errors } }),
    limits: (limits: CallLimits) => createBuilder({ ...settings, limits: withLimits(settings.limits, limits) }),
    query: finish('query'),
    mutation: finish(takesChunks ? 'upload' : 'mutation'),
    stream: finish(takesChunks ? 'duplex' : 'stream'),
    upload: (chunk: Schema) => createBuilder({ ...settings, chunk }),
  };
  return builder as unknown as AnyBuilder;
}

/** Starts a declaration whose handlers get `Context`, which `authenticate` supplies. */
export function typewire<Context = Record<never, never>>(): Typewire<Context> {
  return createRoot() as unknown as Typewire<Context>;
}

function createRoot(callees?: CalleeTree): unknown {
  const builder = createBuilder({ input: null, output: null, errors: {}, chunk: null, ...bareSettings });
  return Object.assign(builder, {
    caller(procedures: CalleeTree) {
      readCallees(procedures);
      return createRoot(procedures);
    },
    channel: createServerChannel,
    router: (tree: RouterTree) => createRouter(tree, callees),
    implement: (contract: AnyRouter, implementation: unknown) => implementContract(contract, implementation, callees),
  });
}

/** `implement` for handlers that need no context; otherwise use the one of `typewire<Context>()`. */
export const implement: Typewire<Record<never, never>>['implement'] = implementContract as never;
