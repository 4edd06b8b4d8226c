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
