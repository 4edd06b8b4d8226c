import { UsageError, type ValidationIssue } from '@typewire/core';
import { givesItems, type IncomingCall, type Schema, type Validated, validate } from '@typewire/core/internal';
import type { MiddlewareArguments } from '../builder/middleware.ts';
import type { ServerProcedureDefinition } from '../builder/server-procedure.ts';
import { Failure, invalidInput } from '../failure.ts';
import { chain } from '../promise.ts';
import type { ProcedureRoute } from '../routes.ts';
import { CallArguments, type CallHost } from './call-arguments.ts';

/**
 * Validates the input, runs the middlewares and the handler, and gives what the handler returned: for a query or
 * mutation its checked output, for a stream its iterable. Synchronous as long as everything it meets is.
 *
 * @throws {Failure} and whatever user code throws, at once or as a rejection.
 */
export function runProcedure(
  host: CallHost,
  route: ProcedureRoute,
  call: IncomingCall,
  rawInput: unknown,
  context: unknown,
): unknown {
  const { definition } = route;
  return chain(readInput(definition.input, rawInput), (input) => {
    const args = new CallArguments(host, route, call, input, context);
    const output = definition.middlewares.length === 0 ? invoke(definition, args) : runChain(definition, args, 0);
    if (definition.output === null || givesItems(route.kind)) return output;
    const schema = definition.output;
    return chain(output, (value) => checkOutput(schema, value, route.path));
  });
}

/** Checks a value the server itself made; failing is the server's fault, not the caller's. */
export function checkOutput(schema: Schema, value: unknown, path: string): unknown {
  refuseFailure(value, path);
  return chain(validate(schema, value), (checked: Validated<unknown>) => {
    if (checked.issues === undefined) return checked.value;
    throw new OutputError(path, checked.issues);
  });
}

/** @throws {UsageError} for a failure that was returned: it would reach the caller as a value. */
export function refuseFailure(value: unknown, path: string): void {
  if (!(value instanceof Failure)) return;
  throw new UsageError('BAD_CONTRACT', `${path} returned what fail('${value.code}') made: throw it`);
}

/** The handler returned what its own output schema refuses. */
export class OutputError extends Error {
  override readonly name = 'OutputError';
  readonly issues: readonly ValidationIssue[];

  constructor(path: string, issues: readonly ValidationIssue[]) {
    super(`what ${path} returned does not pass its output schema: ${issues.map((issue) => issue.message).join('; ')}`);
    this.issues = issues;
  }
}

function readInput(schema: Schema | null, input: unknown): unknown {
  if (schema === null) {
    if (input === undefined) return undefined;
    throw invalidInput('this procedure takes no input', [{ message: 'this procedure takes no input', path: [] }]);
  }
  return chain(validate(schema, input), (checked: Validated<unknown>) => {
    if (checked.issues === undefined) return checked.value;
    throw invalidInput('the input is not valid', checked.issues);
  });
}

function invoke(definition: ServerProcedureDefinition, args: CallArguments): unknown {
  return definition.handler(args as never);
}

/**
 * Runs the middlewares from `index` on, then the handler. Its output goes around them: they see only that the rest
 * ran, and cannot exchange it unseen by the types.
 */
function runChain(definition: ServerProcedureDefinition, first: CallArguments, start: number): Promise<unknown> {
  let output: Promise<unknown> | null = null;
  const step = async (args: CallArguments, index: number): Promise<object> => {
    const middleware = definition.middlewares[index];
    if (middleware === undefined) {
      output = (async () => invoke(definition, args))();
      await output;
      return {};
    }
    const next = (extra?: object): Promise<object> => {
      const rest = step(extra === undefined ? args : args.extend(extra), index + 1);
      // A middleware may leave it unawaited; that the rest failed is told by its output all the same.
      rest.catch(() => {});
      return rest;
    };
    const { ctx, caller, path, fail } = args;
    const given: MiddlewareArguments<unknown> = {
      ctx,
      caller,
      path,
      fail,
      next: next as MiddlewareArguments<unknown>['next'],
    };
    return middleware(given as never);
  };
  return step(first, start).then(() => {
    if (output === null) throw new UsageError('BAD_CONTRACT', 'a middleware returned without calling next()');
    return output;
  });
}
