import { UsageError } from '../errors.ts';
import type { KeyPath } from './key-path.ts';
import { MAX_DEPTH } from './plain-json.ts';

/** Something at `path` cannot travel. */
export function unsendable(path: KeyPath, what: string, advice = 'send its data instead'): UsageError {
  return new UsageError('UNSERIALIZABLE', `${path} is ${what}, which cannot travel: ${advice}`);
}

/** The value that `path` leads through is too deep. Of the path only the root says something. */
export function tooDeep(name: string): UsageError {
  return new UsageError('UNSERIALIZABLE', `${name} is nested more than ${MAX_DEPTH} levels deep, or contains itself`);
}

export function forbiddenKey(path: KeyPath | string, key: string): UsageError {
  return new UsageError('UNSERIALIZABLE', `${path} has the key "${key}", which never travels: rename it or use a Map`);
}
