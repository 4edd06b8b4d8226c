import { CallError, type CallErrorCode, isCallError, type ValidationIssue } from '@typewire/core';
import { type ProcedureDefinition, type Schema, validate } from '@typewire/core/internal';

/** What a client may fail with besides what its procedure declares; anything else is its own failure. */
const generalCodes: ReadonlySet<string> = new Set<CallErrorCode>([
  'TIMEOUT',
  'ABORTED',
  'DISCONNECTED',
  'QUEUE_FULL',
  'INVALID_INPUT',
  'INVALID_OUTPUT',
  'NOT_FOUND',
  'UNAUTHORIZED',
  'FORBIDDEN',
  'CONFLICT',
  'LIMIT_EXCEEDED',
]);

/** The input as its schema makes it, which is what the client's handler is typed by. Rejects with `INVALID_INPUT`. */
export async function checkInput(
  { input: schema }: ProcedureDefinition,
  input: unknown,
  path: string,
): Promise<unknown> {
  if (schema === null) return input;
  return check(schema, input, (issues) => {
    const text = `the input of the client's ${path} is not valid`;
    return new CallError('INVALID_INPUT', text, { data: issues, delivery: 'not-sent' });
  });
}

/** What a client answered is checked like anything else a client sends. Rejects with `INVALID_OUTPUT`. */
export async function checkResult(
  { output: schema }: ProcedureDefinition,
  output: unknown,
  path: string,
): Promise<unknown> {
  if (schema === null) return output;
  return check(schema, output, (issues) => invalidOutput(`what the client's ${path} returned`, issues));
}

/** What a client failed with: a declared code with data that passes, or a general code. */
export async function checkError({ errors }: ProcedureDefinition, error: unknown, path: string): Promise<unknown> {
  if (!isCallError(error) || error.delivery !== 'answered') return error;
  const { code, message, data, delivery } = error;
  const schema = Object.hasOwn(errors, code) ? errors[code] : undefined;
  if (schema !== undefined) {
    const checked = await validate(schema, data);
    if (checked.issues !== undefined)
      return invalidOutput(`the data of ${code} from the client's ${path}`, checked.issues);
    return new CallError(code, message, { data: checked.value, delivery });
  }
  return generalCodes.has(code) ? error : new CallError('INTERNAL', message, { data: undefined, delivery });
}

async function check(
  schema: Schema,
  value: unknown,
  refuse: (issues: readonly ValidationIssue[]) => CallError,
): Promise<unknown> {
  const checked = await validate(schema, value);
  if (checked.issues !== undefined) throw refuse(checked.issues);
  return checked.value;
}

function invalidOutput(what: string, issues: readonly ValidationIssue[]): CallError {
  const text = `${what} does not pass its schema: ${issues.map((issue) => issue.message).join('; ')}`;
  return new CallError('INVALID_OUTPUT', text, { data: issues, delivery: 'answered' });
}
