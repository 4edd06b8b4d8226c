import { type CalleeTree, readCallees } from './callees.ts';
import { type Channel, createChannel, type HistoryOptions, readHistory } from './channel.ts';
import { ContractCheck } from './contract-check.ts';
import type {
  ContractProcedure,
  ContractUploadProcedure,
  ErrorSchemas,
  ProcedureDefinition,
  ProcedureKind,
} from './procedure.ts';
import { type AnyRouter, createRouter, type Router, type RouterTree } from './router.ts';
import type { Schema, SchemaInput, SchemaOutput, ZodSchema } from './schema.ts';

export interface ChannelContractOptions<
  Params extends Schema | undefined,
  Event extends Schema,
  Snapshot extends Schema | undefined = undefined,
  Errors extends ErrorSchemas = Record<never, never>,
  Presence extends Schema | undefined = undefined,
> {
  /** Parameters that name a topic; leave out for a channel that is one topic. */
  readonly params?: Params;
  readonly event: Event;
  /** What a returning client can recover. @default none */
  readonly history?: HistoryOptions;
  /** The state a subscriber begins with, and gets anew after a gap; the server's handler returns it. @default none */
  readonly snapshot?: Snapshot;
  /** Failures that the server's rules declare. @default none */
  readonly errors?: Errors;
  /** What members of a topic say of themselves. @default nobody can be present */
  readonly presence?: Presence;
}

/** What a channel with these schemas gives besides its events. */
export interface ExtrasOf<Snapshot, Errors, Presence> {
  readonly snapshot: Snapshot extends undefined ? never : SchemaOutput<Snapshot>;
  readonly snapshotInput: Snapshot extends undefined ? never : SchemaInput<Snapshot>;
  readonly errors: { [Code in keyof Errors]: SchemaOutput<Errors[Code]> };
  readonly errorsInput: { [Code in keyof Errors]: SchemaInput<Errors[Code]> };
  readonly presence: SchemaOutput<Presence>;
  readonly presenceInput: SchemaInput<Presence>;
}

/** A router whose members have no handlers yet. */
export interface ContractRouter<Tree, Callees = Record<never, never>> extends Router<Tree, unknown, Callees> {
  /** Checks what a client is about to send. It comes with the contract, so that clients without one do not load it. */
  readonly '~check': ContractCheck;
}

/** The end of a declaration whose caller sends chunks. */
export interface UploadContractBuilder<InputSchema, ChunkSchema, OutputSchema, Errors> {
  /** Answered once. Not safe to repeat. */
  mutation(): ContractUploadProcedure<'upload', InputSchema, ChunkSchema, OutputSchema, Errors>;
  /** Chunks one way, items the other. */
  stream(): ContractUploadProcedure<'duplex', InputSchema, ChunkSchema, OutputSchema, Errors>;
}

/** Declares procedures and channels without handlers, for clients that must not import server code. */
export interface ContractBuilder<InputSchema, OutputSchema, Errors> {
  input<S extends ZodSchema>(schema: S): ContractBuilder<S, OutputSchema, Errors>;
  input<S extends Schema>(schema: S): ContractBuilder<S, OutputSchema, Errors>;
  output<S extends ZodSchema>(schema: S): ContractBuilder<InputSchema, S, Errors>;
  output<S extends Schema>(schema: S): ContractBuilder<InputSchema, S, Errors>;
  errors<S extends ErrorSchemas>(schemas: S): ContractBuilder<InputSchema, OutputSchema, Errors & S>;
  /** Safe to repeat: a client may send it again after a lost connection. */
  query(): ContractProcedure<'query', InputSchema, OutputSchema, Errors>;
  /** Not safe to repeat. */
  mutation(): ContractProcedure<'mutation', InputSchema, OutputSchema, Errors>;
  /** Many values for one caller; `output` is the type of one. */
  stream(): ContractProcedure<'stream', InputSchema, OutputSchema, Errors>;
  /** Takes many chunks from its caller, each checked by `schema`. */
  upload<S extends ZodSchema>(schema: S): UploadContractBuilder<InputSchema, S, OutputSchema, Errors>;
  upload<S extends Schema>(schema: S): UploadContractBuilder<InputSchema, S, OutputSchema, Errors>;
  channel<
    Event extends Schema,
    Params extends Schema | undefined = undefined,
    Snapshot extends Schema | undefined = undefined,
    Errors extends ErrorSchemas = Record<never, never>,
    Presence extends Schema | undefined = undefined,
  >(
    options: ChannelContractOptions<Params, Event, Snapshot, Errors, Presence>,
  ): Channel<
    SchemaInput<Params>,
    SchemaInput<Event>,
    SchemaOutput<Event>,
    SchemaOutput<Params>,
    ExtrasOf<Snapshot, Errors, Presence>
  >;
  /** `callees` is what the server calls of its clients. */
  router<Tree extends RouterTree, Callees extends CalleeTree = Record<never, never>>(
    tree: Tree,
    callees?: Callees,
  ): ContractRouter<Tree, Callees>;
}

function createContractRouter<Tree extends RouterTree, Callees extends CalleeTree>(
  tree: Tree,
  callees?: Callees,
): ContractRouter<Tree, Callees> {
  if (callees !== undefined) readCallees(callees);
  const router: Router<Tree, unknown, Callees> & AnyRouter = createRouter(tree, callees);
  let check: ContractCheck | null = null;
  return {
    ...router,
    get '~check'() {
      check ??= new ContractCheck(router);
      return check;
    },
  };
}

function createBuilder(definition: ProcedureDefinition): ContractBuilder<undefined, undefined, Record<never, never>> {
  const procedure = <Kind extends ProcedureKind>(kind: Kind) => ({ '~kind': kind, '~definition': definition });
  return {
    input: (schema: unknown) => createBuilder({ ...definition, input: schema as Schema }) as never,
    output: (schema: unknown) => createBuilder({ ...definition, output: schema as Schema }) as never,
    errors: (schemas) => createBuilder({ ...definition, errors: { ...definition.errors, ...schemas } }) as never,
    query: () => procedure('query'),
    mutation: () => procedure('mutation'),
    stream: () => procedure('stream'),
    upload: (chunk: unknown) => createUploadBuilder({ ...definition, chunk: chunk as Schema }) as never,
    channel: ({ params, event, history, snapshot, errors, presence }) =>
      createChannel(
        {
          params: params ?? null,
          event,
          history: readHistory(history),
          snapshot: snapshot ?? null,
          errors: errors ?? {},
          presence: presence ?? null,
        },
        {},
      ) as never,
    router: createContractRouter,
  };
}

function createUploadBuilder(
  definition: ProcedureDefinition,
): UploadContractBuilder<undefined, undefined, undefined, Record<never, never>> {
  return {
    mutation: () => ({ '~kind': 'upload', '~definition': definition }),
    stream: () => ({ '~kind': 'duplex', '~definition': definition }),
  };
}

/** The root of a contract: `contract.input(schema).output(schema).query()`. */
export const contract: ContractBuilder<undefined, undefined, Record<never, never>> = createBuilder({
  input: null,
  output: null,
  errors: {},
  chunk: null,
});
