import type { AnyProcedure, ProcedureKind } from '@typewire/core/internal';
import type { Caller } from '../caller.ts';

/** A procedure of a client. */
export interface Callee {
  readonly path: string;
  readonly procedure: AnyProcedure;
}

/** Makes one call: its verb was chosen by the kind of the procedure. */
export type CallCallee = (callee: Callee, input: unknown, options: unknown) => unknown;

const verbs: Partial<Record<ProcedureKind, string>> = { query: 'query', mutation: 'mutate', stream: 'stream' };
const invoke = Symbol('invoke');

interface Node {
  readonly [invoke]: CallCallee;
}

/**
 * The objects on which handlers call their caller. Built once for a router, so that one for a request costs an allocation:
 * paths are getters of prototypes, and nothing but a declared name is there.
 */
export class CallerObjects {
  readonly #prototype: object;

  constructor(procedures: ReadonlyMap<string, AnyProcedure>) {
    this.#prototype = createPrototype(procedures, '');
  }

  /** `caller` with its procedures beside what is known of it. */
  create(caller: Caller, call: CallCallee): Caller {
    const hidden = { value: call, enumerable: false };
    return Object.assign(Object.create(this.#prototype, { [invoke]: hidden }), caller);
  }
}

function createPrototype(procedures: ReadonlyMap<string, AnyProcedure>, prefix: string): object {
  const prototype: object = prefix === '' ? {} : Object.create(null);
  const names = new Set<string>();
  for (const path of procedures.keys()) {
    if (path.startsWith(prefix)) names.add(path.slice(prefix.length).split('.')[0] as string);
  }
  for (const name of names) {
    const path = prefix + name;
    const procedure = procedures.get(path);
    const child = procedure === undefined ? createPrototype(procedures, `${path}.`) : createLeaf({ path, procedure });
    Object.defineProperty(prototype, name, {
      enumerable: false,
      get(this: Node) {
        return Object.create(child, { [invoke]: { value: this[invoke] } });
      },
    });
  }
  return prototype;
}

function createLeaf(callee: Callee): object {
  const verb = verbs[callee.procedure['~kind']] as string;
  return Object.create(null, {
    [verb]: {
      value(this: Node, input: unknown, options: unknown) {
        return this[invoke](callee, input, options);
      },
    },
  });
}
