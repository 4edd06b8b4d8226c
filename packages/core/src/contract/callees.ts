import { UsageError } from '../errors.ts';
import type { AnyProcedure } from './procedure.ts';
import { type AnyRouter, walkRouter } from './router.ts';

/** Procedures that clients implement and the server calls: queries, mutations and streams of a contract. */
export interface CalleeTree {
  readonly [name: string]: AnyProcedure | CalleeTree;
}

/** Names that a caller has of its own. */
const taken: ReadonlySet<string> = new Set(['session', 'subject', 'remoteAddress']);

/** @throws {UsageError} `BAD_CONTRACT` for a name that is taken, and for what a server cannot call. */
export function readCallees(tree: CalleeTree): ReadonlyMap<string, AnyProcedure> {
  for (const name of Object.keys(tree)) {
    if (taken.has(name))
      throw new UsageError('BAD_CONTRACT', `caller.${name} is taken: give the procedure another name`);
  }
  const procedures = new Map<string, AnyProcedure>();
  for (const [path, member] of walkRouter({ '~kind': 'router', '~tree': tree } as AnyRouter)) {
    const kind = member['~kind'];
    if (kind !== 'query' && kind !== 'mutation' && kind !== 'stream') {
      throw new UsageError('BAD_CONTRACT', `${path} is a ${kind}: a server calls queries, mutations and streams`);
    }
    procedures.set(path, member as AnyProcedure);
  }
  return procedures;
}
