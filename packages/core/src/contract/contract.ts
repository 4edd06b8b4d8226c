import { type Channel, createChannel, type HistoryOptions, readHistory } from './channel.ts';
import type {
  DeclaredErrors,
  ErrorData,
  ErrorSchemas,
  Procedure,
  ProcedureDefinition,
  ProcedureKind,
} from './procedure.ts';
import { createRouter, type Router, type RouterTree } from './router.ts';
import type { Schema, SchemaInput, SchemaOutput } from './schema.ts';

export interface ChannelContractOptions<Params extends Schema | undefined, Event extends Schema> {
  /** Parameters that name a topic; leave out for a channel that is one topic. */
  readonly params?: Params;
  readonly event: Event;
  /** What a returning client can recover. @default none */
  readonly history?: HistoryOptions;
}

type ParamsInput<Params extends Schema | undefined> = Params extends Schema ? SchemaInput<Params> : undefined;

/** Declares procedures and channels without handlers, for clients that must not import server code. */
export interface ContractBuilder<Input, Output, Errors extends DeclaredErrors> {
  input<S extends Schema>(schema: S): ContractBuilder<SchemaInput<S>, Output, Errors>;
  output<S extends Schema>(schema: S): ContractBuilder<Input, SchemaOutput<S>, Errors>;
  errors<S extends ErrorSchemas>(schemas: S): ContractBuilder<Input, Output, Errors & ErrorData<S>>;
  /** Safe to repeat: a client may send it again after a lost connection. */
  query(): Procedure<'query', Input, Output, Errors>;
  /** Not safe to repeat. */
  mutation(): Procedure<'mutation', Input, Output, Errors>;
  /** Many values for one caller; `output` is the type of one. */
  stream(): Procedure<'stream', Input, Output, Errors>;
  channel<Event extends Schema, Params extends Schema | undefined = undefined>(
    options: ChannelContractOptions<Params, Event>,
  ): Channel<ParamsInput<Params>, SchemaInput<Event>, SchemaOutput<Event>>;
  router<Tree extends RouterTree>(tree: Tree): Router<Tree>;
}

function createBuilder(definition: ProcedureDefinition): ContractBuilder<unknown, unknown, DeclaredErrors> {
  const procedure = <Kind extends ProcedureKind>(kind: Kind): Procedure<Kind, unknown, unknown, DeclaredErrors> => ({
    '~kind': kind,
    '~definition': definition,
  });
  return {
    input: (schema) => createBuilder({ ...definition, input: schema }) as never,
    output: (schema) => createBuilder({ ...definition, output: schema }) as never,
    errors: (schemas) => createBuilder({ ...definition, errors: { ...definition.errors, ...schemas } }) as never,
    query: () => procedure('query'),
    mutation: () => procedure('mutation'),
    stream: () => procedure('stream'),
    channel: ({ params, event, history }) =>
      createChannel({ params: params ?? null, event, history: readHistory(history) }, {}) as never,
    router: (tree) => createRouter(tree),
  };
}

/** The root of a contract: `contract.input(schema).output(schema).query()`. */
export const contract: ContractBuilder<undefined, unknown, Record<never, never>> = createBuilder({
  input: null,
  output: null,
  errors: {},
}) as never;
