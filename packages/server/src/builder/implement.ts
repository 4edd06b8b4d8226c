import { type Router, UsageError } from '@typewire/core';
import {
  type AnyChannel,
  type AnyProcedure,
  type AnyRouter,
  createRouter,
  type RouterTree,
} from '@typewire/core/internal';
import { implementChannel } from './server-channel.ts';
import { implementProcedure } from './server-procedure.ts';

type Member = RouterTree[string];

/**
 * Joins a contract with what implements it into a router that can be served. The contract stays as it is: its channels
 * name the topics, and it may be implemented more than once.
 *
 * @throws {UsageError} `BAD_CONTRACT` that names every member without an implementation, and every one too many.
 */
export function implementContract(
  contract: AnyRouter | Router<unknown>,
  implementation: unknown,
  callees?: object,
): Router<unknown> {
  const problems: string[] = [];
  const tree = implementTree(contract['~tree'] as RouterTree, implementation, '', problems);
  if (problems.length > 0) throw new UsageError('BAD_CONTRACT', `the contract is not met: ${problems.join('; ')}`);
  return createRouter(tree, callees ?? contract['~callees']);
}

function implementTree(contract: RouterTree, implementation: unknown, prefix: string, problems: string[]): RouterTree {
  const given = readTree(implementation);
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(contract, name)) problems.push(`${prefix}${name} is not part of it`);
  }
  const implement = (name: string, member: Member): Member => {
    const own = Object.hasOwn(given, name) ? given[name] : undefined;
    const path = prefix + name;
    const kind = (member as { '~kind'?: unknown })['~kind'];
    if (kind === undefined) return implementTree(member as RouterTree, own, `${path}.`, problems);
    if (kind === 'router') return implementTree((member as AnyRouter)['~tree'], own, `${path}.`, problems);
    const made =
      kind === 'channel'
        ? implementChannel(member as AnyChannel, own)
        : implementProcedure(member as AnyProcedure, own);
    if (made !== null) return made;
    const needed = kind === 'channel' ? 'rules' : 'a handler';
    problems.push(own === undefined ? `${path} is missing` : `${path} needs ${needed} made for this contract`);
    return member;
  };
  // Entries, not assignments: a member may bear any name, `__proto__` too.
  return Object.fromEntries(Object.entries(contract).map(([name, member]) => [name, implement(name, member)]));
}

/** The members of a tree, or of a router that implements it; anything else has none, so that all are missing. */
function readTree(implementation: unknown): Readonly<Record<string, unknown>> {
  if (typeof implementation !== 'object' || implementation === null) return {};
  const { '~kind': kind, '~tree': tree } = implementation as Partial<AnyRouter>;
  return kind === 'router' && tree !== undefined ? tree : (implementation as Record<string, unknown>);
}
