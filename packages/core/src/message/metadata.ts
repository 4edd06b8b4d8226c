import { isSafeBytes } from './bytes.ts';
import { BYTES_TYPE } from './custom-type.ts';
import { isForbiddenKey, MAX_DEPTH } from './plain-json.ts';
import { MAX_BIGINT_DIGITS } from './sendable.ts';

const numberWords: ReadonlySet<unknown> = new Set(['NaN', 'Infinity', '-Infinity', '-0']);
const errorKeys: ReadonlySet<string> = new Set(['name', 'message', 'cause']);
const bigintPattern = new RegExp(`^-?\\d{1,${MAX_BIGINT_DIGITS}}$`);

/** What metadata may refer to besides its value. */
interface Context {
  /** The custom types, by name. */
  readonly types: ReadonlyMap<string, unknown>;
  readonly attachments: readonly Uint8Array[];
  /** Indices of the attachments that bytes in the value stand for. */
  readonly used: Set<number>;
}

/** The containers of one value that its metadata has named (`revived`) or gone through (`passed`). */
interface Trail extends Context {
  readonly revived: Set<unknown>;
  readonly passed: Set<unknown>;
}

/**
 * Checks a peer's superjson metadata against the value it annotates, before anything is revived: every path must
 * exist as own keys, every type must be on the list and fit the JSON it stands on. Metadata that writes along paths
 * (`referentialEqualities`), classes, symbols, regular expressions and custom types that are not in `types` are refused.
 *
 * A path is checked against JSON but followed by superjson in what it has revived so far, so none may lead through
 * something that is revived by another: inside a Map or a Set the same path means another value. Each attachment stands
 * for bytes in one place: none is left over, and none becomes many.
 * protocol: "Decisions", 4.
 */
export function isSafeMetadata(
  json: unknown,
  meta: unknown,
  types: ReadonlyMap<string, unknown> = new Map(),
  attachments: readonly Uint8Array[] = [],
): boolean {
  if (!isRecord(meta)) return false;
  for (const key of Object.keys(meta)) if (key !== 'values' && key !== 'v') return false;
  if (meta['v'] !== 1) return false;
  const used = new Set<number>();
  return isSafeValues(json, meta['values'], { types, attachments, used }) && used.size === attachments.length;
}

function isSafeValues(json: unknown, values: unknown, context: Context): boolean {
  const trail: Trail = { ...context, revived: new Set(), passed: new Set() };
  return Array.isArray(values) ? isSafeNode(json, values, trail, 0) : isSafeChildren(json, values, null, trail, 0);
}

function isSafeNode(json: unknown, node: unknown, trail: Trail, depth: number): boolean {
  if (depth > MAX_DEPTH || !Array.isArray(node) || node.length < 1 || node.length > 2) return false;
  return (
    isSafeType(json, node[0], trail) && (node.length === 1 || isSafeChildren(json, node[1], node[0], trail, depth))
  );
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

function isSafeType(json: unknown, type: unknown, context: Context): boolean {
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
      if (!Array.isArray(type) || type.length !== 2 || type[0] !== 'custom') return false;
      if (type[1] === BYTES_TYPE) return isSafeBytes(json, context.attachments, context.used);
      return typeof type[1] === 'string' && context.types.has(type[1]) && isSafeCustom(json, context);
  }
}

function isSafeError(json: unknown): boolean {
  if (!isRecord(json) || typeof json['name'] !== 'string' || typeof json['message'] !== 'string') return false;
  return Object.keys(json).every((key) => errorKeys.has(key));
}

/** What a custom type was encoded to: its JSON, and metadata of its own where that is not plain. */
function isSafeCustom(json: unknown, context: Context): boolean {
  if (!Array.isArray(json) || json.length < 1 || json.length > 2) return false;
  return json.length === 1 || isSafeValues(json[0], json[1], context);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
