import { UsageError } from '../errors.ts';
import { MAX_PATH_LENGTH } from '../message/limits.ts';
import type { AnyChannel } from './channel.ts';
import type { AnyProcedure } from './procedure.ts';

/** What may stand in a router: procedures, channels, routers and plain objects of these. */
export interface RouterTree {
  readonly [name: string]: AnyProcedure | AnyChannel | AnyRouter | RouterTree;
}

/**
 * A tree of procedures and channels. `Context` is what their handlers need and `authenticate` must supply, `Callees` what
 * they call of their callers.
 */
export interface Router<Tree, Context = unknown, Callees = Record<never, never>> {
  readonly '~kind': 'router';
  readonly '~tree': Tree;
  readonly '~callees'?: Callees;
  /** Contravariant: a router that needs less fits where more is given. For the compiler only. */
  readonly '~context'?: (context: Context) => void;
}

export interface AnyRouter {
  readonly '~kind': 'router';
  readonly '~tree': RouterTree;
  readonly '~callees'?: object;
}

/** A procedure or channel together with its path, names joined by dots. */
export type RouterEntry = readonly [path: string, member: AnyProcedure | AnyChannel];

/** Wraps a tree and checks its names, so that a path always means one member. */
export function createRouter<Tree extends RouterTree, Context, Callees = Record<never, never>>(
  tree: Tree,
  callees?: Callees,
): Router<Tree, Context, Callees> {
  const router: Router<Tree, Context, Callees> = {
    '~kind': 'router',
    '~tree': tree,
    ...(callees === undefined ? {} : { '~callees': callees }),
  };
  for (const _ of walkRouter(router as AnyRouter)) void _;
  return router;
}

/** Every member with its path, depth first in the order of declaration. */
export function* walkRouter(router: AnyRouter | Router<unknown>): Generator<RouterEntry> {
  yield* walkTree(router['~tree'] as RouterTree, '');
}

function* walkTree(tree: RouterTree, prefix: string): Generator<RouterEntry> {
  for (const [name, member] of Object.entries(tree)) {
    if (name === '' || name.includes('.')) {
      throw new UsageError('BAD_CONTRACT', `the name ${JSON.stringify(name)} in a router is empty or has a dot`);
    }
    const path = prefix + name;
    if (path.length > MAX_PATH_LENGTH) {
      throw new UsageError('BAD_CONTRACT', `the path ${path} is longer than ${MAX_PATH_LENGTH} characters`);
    }
    const kind = (member as { '~kind'?: unknown } | null | undefined)?.['~kind'];
    // A function is a channel or a mistake; as a tree it would be an empty one.
    if (kind === undefined && (typeof member !== 'object' || member === null)) {
      throw new UsageError('BAD_CONTRACT', `${path} is neither a procedure, a channel nor a router`);
    }
    if (kind === 'router') yield* walkTree((member as AnyRouter)['~tree'], `${path}.`);
    else if (kind === undefined) yield* walkTree(member as RouterTree, `${path}.`);
    else yield [path, member as AnyProcedure | AnyChannel];
  }
}
