import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A block of code that is compiled. */
export interface Block {
  readonly language: string;
  readonly code: string;
}

/** Every block of the pages in `folder` that says `twoslash` behind its language. */
export function findBlocks(folder: string): Block[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : findBlocks(path);
    return entry.name.endsWith('.md') ? readBlocks(readFileSync(path, 'utf8')) : [];
  });
}

function readBlocks(page: string): Block[] {
  const fences = page.matchAll(/^(```+)(\w+)\b.*\btwoslash\b.*\n([\s\S]*?)\n\1$/gm);
  return [...fences].map(([, , language = '', code = '']) => ({ language, code }));
}
