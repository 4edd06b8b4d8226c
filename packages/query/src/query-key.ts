import { pathOf, valueKey } from '@typewire/client/store';

export interface KeyOptions {
  /** First part of the keys: name one for each client when a page has several. @default 'typewire' */
  readonly namespace?: string;
}

/** Namespace, names on the way to the member, and what it is called with, if anything. */
export type WireKey = readonly [namespace: string, path: readonly string[], input?: unknown];

/**
 * The key of a procedure's queries, whatever their input, or of all in a tree: for `invalidateQueries({ queryKey:
 * queryKey(wire.api.chat) })`. Keys are plain JSON; in place of what is not, as dates and maps, stands text of their content.
 *
 * @throws {UsageError} `BAD_OPTION` for what is no part of a client's `api`, or an input that cannot travel.
 */
export function queryKey(member: object, input?: unknown, { namespace = 'typewire' }: KeyOptions = {}): WireKey {
  const path = pathOf(member);
  const names = path === '' ? [] : path.split('.');
  return input === undefined ? [namespace, names] : [namespace, names, plain(input)];
}

/** TanStack Query compares keys as JSON, in which two maps are equal and a bigint is an error. */
function plain(value: unknown): unknown {
  if (value === null || typeof value === 'string' || typeof value === 'boolean' || value === undefined) return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || !isPlain(value)) return { '~value': valueKey(value) };
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, plain(item)]));
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
