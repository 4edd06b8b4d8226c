import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { ValidationIssue } from '../errors.ts';

/** Any validator that implements Standard Schema: zod, valibot, arktype and others. */
export type Schema<In = unknown, Out = In> = StandardSchemaV1<In, Out>;
export type SchemaInput<S extends Schema> = StandardSchemaV1.InferInput<S>;
export type SchemaOutput<S extends Schema> = StandardSchemaV1.InferOutput<S>;

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
