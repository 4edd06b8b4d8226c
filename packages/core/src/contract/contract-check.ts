import type { UploadSource } from '../calls/upload.ts';
import { CallError, callFailure, type ValidationIssue } from '../errors.ts';
import type { AnyChannel } from './channel.ts';
import { type Calls, CheckedCaller } from './checked-caller.ts';
import type { AnyProcedure, ProcedureKind } from './procedure.ts';
import { type AnyRouter, walkRouter } from './router.ts';
import { type Schema, validate } from './schema.ts';

/**
 * Finds what a server would refuse before it is sent. Values go out as they were given, since the server parses them
 * again. A schema that answers later, as one that asks a database does, is left to the server.
 */
export class ContractCheck {
  readonly #members: Map<string, AnyProcedure | AnyChannel>;

  constructor(contract: AnyRouter) {
    this.#members = new Map(walkRouter(contract));
  }

  /** Has a client make only what the contract allows. It comes with the contract: a client without one has no use for it. */
  checked<Options extends { readonly upload?: UploadSource<unknown> | undefined }, PublishOptions>(
    calls: Calls<Options, PublishOptions>,
  ): Calls<Options, PublishOptions> {
    return new CheckedCaller(calls, this);
  }

  input(kind: ProcedureKind, path: string, input: unknown): CallError | null {
    const member = this.#members.get(path);
    if (member?.['~kind'] !== kind) return notFound(kind, path);
    const { input: schema } = member['~definition'] as AnyProcedure['~definition'];
    return checkOptional(schema, input, 'the input is not valid', 'this procedure takes no input');
  }

  params(path: string, params: unknown): CallError | null {
    const channel = this.#channel(path);
    if (channel === null) return notFound('channel', path);
    const { params: schema } = channel['~definition'];
    return checkOptional(schema, params, 'the parameters are not valid', 'this channel takes no parameters');
  }

  event(path: string, params: unknown, event: unknown): CallError | null {
    const channel = this.#channel(path);
    const message = `the event is not valid on ${path}`;
    return this.params(path, params) ?? (channel && check(channel['~definition'].event, event, message));
  }

  #channel(path: string): AnyChannel | null {
    const member = this.#members.get(path);
    return member?.['~kind'] === 'channel' ? (member as AnyChannel) : null;
  }
}

function checkOptional(schema: Schema | null, value: unknown, invalid: string, unwanted: string): CallError | null {
  if (schema !== null) return check(schema, value, invalid);
  return value === undefined ? null : refused(unwanted, [{ message: unwanted, path: [] }]);
}

function check(schema: Schema, value: unknown, message: string): CallError | null {
  const checked = validate(schema, value);
  if (checked instanceof Promise) {
    checked.catch(() => {}); // The server meets the same failure, and says so.
    return null;
  }
  return checked.issues === undefined ? null : refused(message, checked.issues);
}

function refused(message: string, issues: readonly ValidationIssue[]): CallError {
  return new CallError('INVALID_INPUT', message, { data: issues, delivery: 'not-sent' });
}

function notFound(kind: string, path: string): CallError {
  const text = `the contract has no ${kind} at ${JSON.stringify(path)}`;
  return callFailure('NOT_FOUND', text, 'not-sent');
}
