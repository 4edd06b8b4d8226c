const shared = [Object.prototype, Array.prototype, Function.prototype];
const keysAtStart = shared.map((prototype) => Reflect.ownKeys(prototype).length);

/** The canary: fails when anything has been written to a prototype that every object shares. Cheap: runs per case. */
export function expectNoPollution(): void {
  shared.forEach((prototype, index) => {
    const keys = Reflect.ownKeys(prototype);
    if (keys.length !== keysAtStart[index]) throw new Error(`a prototype was polluted: ${keys.map(String).join(', ')}`);
  });
  if (Reflect.get({}, 'polluted') !== undefined) throw new Error('a prototype was polluted');
}
