import { UsageError } from '@typewire/core';
import type { CalleeArguments } from './callee-handlers.ts';

export type Handler = (input: unknown, args: CalleeArguments<never>) => unknown;

/**
 * The handlers of a program by their paths.
 *
 * @throws {UsageError} `BAD_OPTION`
 */
export function readHandlers(
  handlers: object,
  prefix = '',
  read: Map<string, Handler> = new Map(),
): Map<string, Handler> {
  for (const [name, member] of Object.entries(handlers)) {
    const path = prefix + name;
    if (typeof member === 'function') read.set(path, member as Handler);
    else if (typeof member === 'object' && member !== null) readHandlers(member, `${path}.`, read);
    else if (member !== undefined) throw new UsageError('BAD_OPTION', `handlers.${path} must be a function`);
  }
  return read;
}
