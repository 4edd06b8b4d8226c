import { type MaybeRefOrGetter, toRaw, toValue } from 'vue';

/**
 * What an argument is now, apart from what it may become: a reactive object that is changed names another topic, and must not
 * change what is under way. All that is read counts as used.
 */
export function readArgument<Value>(argument: MaybeRefOrGetter<Value> | undefined): Value {
  return copy(toValue(argument)) as Value;
}

function copy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copy);
  if (value instanceof Map) return new Map([...value].map(([key, item]) => [copy(key), copy(item)]));
  if (value instanceof Set) return new Set([...value].map(copy));
  if (typeof value !== 'object' || value === null) return value;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return toRaw(value);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, copy(item)]));
}
