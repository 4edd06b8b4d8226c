import { UsageError } from '@typewire/core';
import { memberPath } from '../proxy.ts';

/**
 * Where a member of a client's `api`, or a tree of members, stands: `chat.send`. The tree of all has none, `''`.
 *
 * @throws {UsageError} `BAD_OPTION` for anything else.
 */
export function pathOf(member: object): string {
  const path: unknown = (member as Record<symbol, unknown>)[memberPath];
  if (typeof path === 'string') return path;
  throw new UsageError('BAD_OPTION', 'this is no part of the api of a client: give wire.api.name, without a verb');
}
