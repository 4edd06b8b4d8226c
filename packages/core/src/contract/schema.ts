import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { ValidationIssue } from '../errors.ts';

/** Any validator that implements Standard Schema: zod, valibot, arktype and others. */
export type Schema<In = unknown, Out = In> = StandardSchemaV1<In, Out>;

/**
 * A schema of zod 4, told by where it keeps its types. They stand under `~standard` too, but there the compiler works
 * out input and output at once, for each schema it meets: a third of all its work on a large router. See `bench/types`.
 */
export interface ZodSchema {
  readonly _zod: SchemaTypes;
}

/** What a schema takes, and what it makes of it. */
export interface SchemaTypes<In = unknown, Out = In> {
  readonly input: In;
  readonly output: Out;
}

/** The same of a schema that is not one of zod 4. */
export type StandardTypes<S extends Schema> = NonNullable<S['~standard']['types']>;

/** What a schema takes; `undefined` where there is no schema. */
export type SchemaInput<S> = S extends ZodSchema
  ? S['_zod']['input']
  : S extends Schema
    ? StandardSchemaV1.InferInput<S>
    : undefined;

/** What a schema makes of it; `undefined` where there is no schema. */
export type SchemaOutput<S> = S extends ZodSchema
  ? S['_zod']['output']
  : S extends Schema
    ? StandardSchemaV1.InferOutput<S>
    : undefined;

/** The outcome of a validation; a value that is a failure is told apart by `issues`, never by truthiness. */
export type Validated<Out> =
  | { readonly value: Out; readonly issues?: undefined }
  | { readonly issues: readonly ValidationIssue[] };

/**
 * Runs a schema. Stays synchronous when the schema is, so that a plain validation costs no turn of the event loop.
 * A schema that throws is a bug of the program and passes through.
 */
export function validate<Out>(schema: Schema<unknown, Out>, value: unknown): Validated<Out> | Promise<Validated<Out>> {
  const result = schema['~standard'].validate(value);
  return result instanceof Promise ? result.then(readResult<Out>) : readResult<Out>(result);
}

function readResult<Out>(result: StandardSchemaV1.Result<Out>): Validated<Out> {
  if (result.issues === undefined) return result;
  return { issues: result.issues.map(readIssue) };
}

function readIssue(issue: StandardSchemaV1.Issue): ValidationIssue {
  const path = (issue.path ?? []).map((segment) => {
    const key = typeof segment === 'object' ? segment.key : segment;
    return typeof key === 'symbol' ? String(key) : key;
  });
  return { message: issue.message, path };
}
