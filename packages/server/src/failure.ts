import type { ValidationIssue } from '@typewire/core';
import type { ErrorSchemas } from '@typewire/core/internal';

/** Codes every handler, middleware and `authenticate` may fail with, besides the ones a procedure declares. */
export type FailureCode = 'UNAUTHORIZED' | 'FORBIDDEN' | 'NOT_FOUND' | 'CONFLICT' | 'INVALID_INPUT' | 'LIMIT_EXCEEDED';

const texts: Readonly<Record<FailureCode, string>> = {
  UNAUTHORIZED: 'sign in first',
  FORBIDDEN: 'not allowed',
  NOT_FOUND: 'not found',
  CONFLICT: 'the state of things does not allow this now',
  INVALID_INPUT: 'the input is not valid',
  LIMIT_EXCEEDED: 'a limit was reached',
};

/**
 * A failure meant for the caller: it crosses the wire with code, message and data. Made by `fail` alone; every other
 * exception reaches the caller as `INTERNAL` and nothing of it.
 */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly code: string;
  readonly data: unknown;

  constructor(code: string, message: string, data: unknown) {
    super(message);
    this.code = code;
    this.data = data;
  }
}

/** Bounds of what an answer says of an invalid input, which can be as large as a message may be. */
const MAX_ISSUES = 32;
const MAX_ISSUE_LENGTH = 500;

/** The caller's own mistake, with where it lies: at most 32 issues, each text of at most 500 characters. */
export function invalidInput(message: string, issues: readonly ValidationIssue[]): Failure {
  return new Failure('INVALID_INPUT', message.slice(0, MAX_ISSUE_LENGTH), issues.slice(0, MAX_ISSUES).map(sendable));
}

/** A schema is somebody else's: its messages and keys may be of any length, its keys of any type. */
function sendable({ message, path }: ValidationIssue): ValidationIssue {
  const keys = (path as readonly unknown[]).filter((key) => typeof key === 'string' || typeof key === 'number');
  return {
    message: String(message).slice(0, MAX_ISSUE_LENGTH),
    path: keys.map((key) => (typeof key === 'string' ? key.slice(0, MAX_ISSUE_LENGTH) : key)),
  };
}

/** Makes a failure to throw: `throw fail('ROOM_FULL', { limit: 50 })`, or a general one with a text for people. */
export interface Fail<Errors> {
  <Code extends keyof Errors & string>(code: Code, data: Errors[Code], message?: string): Failure;
  (code: FailureCode, message?: string): Failure;
}

/** `fail` for a procedure with these declared errors. */
export function createFail(errors: Readonly<ErrorSchemas>): Fail<Record<string, unknown>> {
  return (code: string, second?: unknown, third?: string): Failure => {
    if (Object.hasOwn(errors, code)) return new Failure(code, third ?? code, second);
    const text = typeof second === 'string' ? second : texts[code as FailureCode];
    return new Failure(code, text ?? code, undefined);
  };
}

/** `fail` where nothing is declared. */
export const fail: Fail<Record<never, never>> = createFail({});
