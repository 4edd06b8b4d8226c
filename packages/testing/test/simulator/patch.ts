/** Puts another method in the place of `prototype[name]`; returns how to put the first one back. */
export function patch<Prototype extends object, Name extends keyof Prototype>(
  prototype: Prototype,
  name: Name,
  replace: (method: Prototype[Name]) => Prototype[Name],
): () => void {
  const method = prototype[name];
  prototype[name] = replace(method);
  return () => {
    prototype[name] = method;
  };
}
