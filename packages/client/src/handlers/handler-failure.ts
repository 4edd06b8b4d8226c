import type { CalleeFail } from './callee-handlers.ts';

const generalCodes: ReadonlySet<string> = new Set([
  'UNAUTHORIZED',
  'FORBIDDEN',
  'NOT_FOUND',
  'CONFLICT',
  'INVALID_INPUT',
]);

/** A failure that crosses the wire with code, message and data. Made by `fail` alone. */
export class HandlerFailure extends Error {
  override readonly name = 'HandlerFailure';
  readonly code: string;
  readonly data: unknown;

  constructor(code: string, message: string, data: unknown) {
    super(message);
    this.code = code;
    this.data = data;
  }
}

/** Of a general code the second argument is the text, of a declared one its data. */
export const fail = ((code: string, second?: unknown, message: string = code): HandlerFailure =>
  generalCodes.has(code) && (second === undefined || typeof second === 'string')
    ? new HandlerFailure(code, second ?? code, undefined)
    : new HandlerFailure(code, message, second)) as CalleeFail<Record<string, unknown>>;
