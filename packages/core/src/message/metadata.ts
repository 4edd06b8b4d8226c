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
const bigintPattern = /^-?\d+$/;

/**
 * Checks a peer's superjson metadata against the value it annotates, before anything is revived: every path must
 * exist as own keys, every type must be on the list and fit the JSON it stands on. Metadata that writes along paths
 * (`referentialEqualities`), classes, symbols, regular expressions and custom types are refused.
 * protocol: "Decisions", 4.
 */
export function isSafeMetadata(json: unknown, meta: unknown): boolean {
  if (!isRecord(meta)) return false;
  for (const key of Object.keys(meta)) if (key !== 'values' && key !== 'v') return false;
  return meta['v'] === 1 && isSafeTree(json, meta['values'], 0);
}

function isSafeTree(json: unknown, tree: unknown, depth: number): boolean {
  if (depth > MAX_DEPTH) return false;
  if (!Array.isArray(tree)) return isSafeChildren(json, tree, depth);
  if (tree.length < 1 || tree.length > 2) return false;
  return isSafeType(json, tree[0]) && (tree.length === 1 || isSafeChildren(json, tree[1], depth));
}

function isSafeChildren(json: unknown, children: unknown, depth: number): boolean {
  if (!isRecord(children)) return false;
  for (const path of Object.keys(children)) {
    const keys = readPath(path);
    if (keys === null || keys.length > MAX_DEPTH) return false;
    let target = json;
    for (const key of keys) {
      if (isForbiddenKey(key) || !hasOwnChild(target, key)) return false;
      target = (target as Record<string, unknown>)[key];
    }
    if (!isSafeTree(target, children[path], depth + 1)) return false;
  }
  return true;
}

function hasOwnChild(target: unknown, key: string): boolean {
  if (Array.isArray(target)) return String(Number(key)) === key && Number(key) >= 0 && Number(key) < target.length;
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
      return typeof json === 'string' && json.length <= MAX_BIGINT_DIGITS + 1 && bigintPattern.test(json);
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
