import { isForbiddenKey, MAX_DEPTH } from './plain-json.ts';
import { MAX_BIGINT_DIGITS } from './sendable.ts';

const numberWords: ReadonlySet<unknown> = new Set(['NaN', 'Infinity', '-Infinity', '-0']);
const errorKeys: ReadonlySet<string> = new Set(['name', 'message', 'cause']);
const integerRanges: ReadonlyMap<unknown, readonly [min: number, max: number]> = new Map([
  ['Int8Array', [-128, 127]],
  ['Uint8Array', [0, 255]],
  ['Uint8ClampedArray', [0, 255]],
  ['Int16Array', [-32_768, 32_767]],
  ['Uint16Array', [0, 65_535]],
  ['Int32Array', [-2_147_483_648, 2_147_483_647]],
  ['Uint32Array', [0, 4_294_967_295]],
]);
const floatArrays: ReadonlySet<unknown> = new Set(['Float32Array', 'Float64Array']);
const bigintPattern = new RegExp(`^-?\\d{1,${MAX_BIGINT_DIGITS}}$`);

/** The containers of one value that its metadata has named (`revived`) or gone through (`passed`). */
interface Trail {
  readonly revived: Set<unknown>;
  readonly passed: Set<unknown>;
}

/**
 * Checks a peer's superjson metadata against the value it annotates, before anything is revived: every path must
 * exist as own keys, every type must be on the list and fit the JSON it stands on. Metadata that writes along paths
 * (`referentialEqualities`), classes, symbols, regular expressions and custom types are refused.
 *
 * A path is checked against JSON but followed by superjson in what it has revived so far, so none may lead through
 * something that is revived by another: inside a Map or a Set the same path means another value.
 * protocol: "Decisions", 4.
 */
export function isSafeMetadata(json: unknown, meta: unknown): boolean {
  if (!isRecord(meta)) return false;
  for (const key of Object.keys(meta)) if (key !== 'values' && key !== 'v') return false;
  if (meta['v'] !== 1) return false;
  const trail: Trail = { revived: new Set(), passed: new Set() };
  const { values } = meta;
  return Array.isArray(values) ? isSafeNode(json, values, trail, 0) : isSafeChildren(json, values, null, trail, 0);
}

function isSafeNode(json: unknown, node: unknown, trail: Trail, depth: number): boolean {
  if (depth > MAX_DEPTH || !Array.isArray(node) || node.length < 1 || node.length > 2) return false;
  return isSafeType(json, node[0]) && (node.length === 1 || isSafeChildren(json, node[1], node[0], trail, depth));
}

/** `type` is what the value itself is revived to after its children, `null` when it stays as it is. */
function isSafeChildren(json: unknown, children: unknown, type: unknown, trail: Trail, depth: number): boolean {
  if (!isRecord(children)) return false;
  for (const path of Object.keys(children)) {
    const keys = readPath(path);
    if (keys === null || keys.length > MAX_DEPTH || !mayRevive(type, keys)) return false;
    let target = json;
    for (const [index, key] of keys.entries()) {
      if (index > 0) {
        if (trail.revived.has(target)) return false;
        trail.passed.add(target);
      }
      if (isForbiddenKey(key) || !hasOwnChild(target, key)) return false;
      target = (target as Record<string, unknown>)[key];
    }
    if (trail.passed.has(target) || !isSafeNode(target, children[path], trail, depth + 1)) return false;
    if (typeof target === 'object' && target !== null) trail.revived.add(target);
  }
  return true;
}

/** Whether a child may be revived without undoing what `isSafeType` found in its parent. */
function mayRevive(type: unknown, keys: readonly string[]): boolean {
  // An entry of a Map stays a pair; its key and its value may become anything.
  if (type === 'map') return keys.length > 1;
  if (type === 'Error') return keys[0] === 'cause';
  return type === null || type === 'set';
}

function hasOwnChild(target: unknown, key: string): boolean {
  if (Array.isArray(target)) return key !== 'length' && Object.hasOwn(target, key);
  return isRecord(target) && Object.hasOwn(target, key);
}

/** Splits at dots; a backslash escapes a dot or itself. Anything else after a backslash is malformed. */
function readPath(path: string): string[] | null {
  const keys: string[] = [];
  let key = '';
  for (let index = 0; index < path.length; index++) {
    const char = path[index];
    if (char === '\\') {
      const escaped = path[++index];
      if (escaped !== '\\' && escaped !== '.') return null;
      key += escaped;
    } else if (char === '.') {
      keys.push(key);
      key = '';
    } else key += char;
  }
  keys.push(key);
  return keys;
}

function isSafeType(json: unknown, type: unknown): boolean {
  switch (type) {
    case 'undefined':
      return json === null;
    case 'number':
      return numberWords.has(json);
    case 'bigint':
      return typeof json === 'string' && bigintPattern.test(json);
    case 'Date':
      return typeof json === 'string' && json.length <= 32 && !Number.isNaN(Date.parse(json));
    case 'URL':
      return typeof json === 'string';
    case 'set':
      return Array.isArray(json);
    case 'map':
      return Array.isArray(json) && json.every((entry) => Array.isArray(entry) && entry.length === 2);
    case 'Error':
      return isSafeError(json);
    default:
      return Array.isArray(type) && type.length === 2 && type[0] === 'typed-array' && isSafeNumbers(json, type[1]);
  }
}

function isSafeError(json: unknown): boolean {
  if (!isRecord(json) || typeof json['name'] !== 'string' || typeof json['message'] !== 'string') return false;
  return Object.keys(json).every((key) => errorKeys.has(key));
}

function isSafeNumbers(json: unknown, name: unknown): boolean {
  if (!Array.isArray(json)) return false;
  if (floatArrays.has(name)) return json.every((item) => typeof item === 'number' || numberWords.has(item));
  const range = integerRanges.get(name);
  return range !== undefined && json.every((item) => Number.isInteger(item) && item >= range[0] && item <= range[1]);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
