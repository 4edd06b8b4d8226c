import { type CalleeTree, type Channel, type Router, type Schema, UsageError } from '@typewire/core';
import {
  type AnyRouter,
  createRouter,
  type ErrorSchemas,
  type ProcedureKind,
  type RouterTree,
  readCallees,
  type SchemaInput,
  type SchemaOutput,
} from '@typewire/core/internal';
import type { NoCallees } from '../caller.ts';
import { type CallLimits, withLimits } from './call-limits.ts';
import type { AnyHandler } from './handler.ts';
import { implementContract } from './implement.ts';
import type { Implementation } from './implementation.ts';
import type { AnyMiddleware } from './middleware.ts';
import type { ProcedureBuilder } from './procedure-builder.ts';
import type { NoInput, Scope } from './scope.ts';
import { type ChannelOptions, createServerChannel, type ServerExtras } from './server-channel.ts';
import { bareSettings, type ServerProcedureDefinition } from './server-procedure.ts';

/** The root of a declaration. */
export interface Typewire<Context, Callees = NoCallees> extends ProcedureBuilder<Scope<Context, Callees>, NoInput> {
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
    Presence extends Schema | undefined = undefined,
  >(
    options: ChannelOptions<Context, Params, Event, Snapshot, Errors, Presence>,
  ): Channel<
    SchemaInput<Params>,
    SchemaInput<Event>,
    SchemaOutput<Event>,
    SchemaOutput<Params>,
    ServerExtras<Snapshot, Errors, Presence>
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
