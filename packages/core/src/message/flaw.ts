import { isForbiddenKey } from './plain-json.ts';

/** Why parsed JSON is not taken. */
export type Flaw = 'too deep' | 'forbidden key';

/**
 * What is wrong with parsed JSON that may nest `levels` deep; `null` for nothing. Nothing is looked at below that, so that
 * no walk behind it overflows the stack: `JSON.parse` itself takes millions of levels. Text tells the same
 * before anything is parsed, at six times the cost.
 */
export function flawOf(value: unknown, levels: number): Flaw | null {
  if (typeof value !== 'object' || value === null) return null;
  if (levels === 0) return 'too deep';
  return Array.isArray(value) ? flawOfItems(value, levels - 1) : flawOfMembers(value, levels - 1);
}

function flawOfItems(items: readonly unknown[], levels: number): Flaw | null {
  for (let index = 0; index < items.length; index++) {
    const flaw = flawOf(items[index], levels);
    if (flaw !== null) return flaw;
  }
  return null;
}

function flawOfMembers(members: object, levels: number): Flaw | null {
  for (const key in members) {
    if (isForbiddenKey(key)) return 'forbidden key';
    const flaw = flawOf((members as Record<string, unknown>)[key], levels);
    if (flaw !== null) return flaw;
  }
  return null;
}
