/** Under it each member of an `api` says its path. Of the registry, since two copies of the package may be installed. */
export const memberPath: symbol = /* @__PURE__ */ Symbol.for('typewire.path');

/** What a verb does with the path that stands before it. */
export type Verbs = Readonly<Record<string, (path: string, args: readonly unknown[]) => unknown>>;

/**
 * An object on which every property is a path and every verb a function: `api.chat.send.mutate(…)` runs
 * `verbs.mutate('chat.send', […])`. Only verbs can be called, so that no path is mistaken for a promise when somebody
 * awaits it, and a user's name may be any word: a verb's too.
 */
export function createProxy(verbs: Verbs): object {
  return createNode(verbs, '');
}

function createNode(verbs: Verbs, path: string): object {
  const children = new Map<string, object>();
  const get = (_target: object, name: string | symbol): unknown => {
    if (typeof name === 'symbol') return name === memberPath ? path : undefined;
    const known = children.get(name);
    if (known !== undefined) return known;
    const child = createChild(verbs, path, name);
    children.set(name, child);
    return child;
  };
  return new Proxy({}, { get, set: refuse, defineProperty: refuse, deleteProperty: refuse });
}

function createChild(verbs: Verbs, path: string, name: string): object {
  const verb = Object.hasOwn(verbs, name) ? verbs[name] : undefined;
  const node = createNode(verbs, path === '' ? name : `${path}.${name}`);
  if (verb === undefined || path === '') return node;
  const call = (...args: unknown[]): unknown => verb(path, args);
  return new Proxy(call, { get: (_target, inner) => Reflect.get(node, inner) });
}

function refuse(): boolean {
  return false;
}
