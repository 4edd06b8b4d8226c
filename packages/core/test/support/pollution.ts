import { expect } from 'vitest';

const keysAtStart = Reflect.ownKeys(Object.prototype);
const arrayKeysAtStart = Reflect.ownKeys(Array.prototype);

/** The canary: fails when anything has been written to a prototype that every object shares. */
export function expectNoPollution(): void {
  expect(Reflect.ownKeys(Object.prototype)).toEqual(keysAtStart);
  expect(Reflect.ownKeys(Array.prototype)).toEqual(arrayKeysAtStart);
  expect(Reflect.get({}, 'polluted')).toBeUndefined();
}
