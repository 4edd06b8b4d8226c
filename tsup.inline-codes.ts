import { readFile } from 'node:fs/promises';
import type { Options } from 'tsup';
import { CloseCode } from './packages/core/src/close-codes.ts';
import { MessageType } from './packages/core/src/message/messages.ts';
import { numberTexts, readNumbers } from './tsup.error-texts.ts';

const tables: Readonly<Record<string, Readonly<Record<string, number>>>> = { CloseCode, MessageType };

/**
 * Writes `MessageType.Call` as `16` and `CloseCode.Done` as `1000` into what is built: bundlers leave the members of an
 * object as they are, and the names would be 0.6 kB of every page. Texts of errors get their numbers, see `numberTexts`.
 */
export const inlineCodes: NonNullable<Options['esbuildPlugins']>[number] = {
  name: 'inline-codes',
  setup: (build) => {
    const numbers = readNumbers();
    build.onLoad({ filter: /packages[\\/](core|client|server)[\\/]src[\\/].*\.ts$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      const contents = text
        .replace(/\b(CloseCode|MessageType)\.(\w+)/g, inline)
        // The same, and shorter: minifiers leave members of globals as they are.
        .replace(/\bNumber\.POSITIVE_INFINITY\b/g, 'Infinity');
      // A server's errors are read where it runs: its own build keeps them whole.
      return { loader: 'ts', contents: /packages[\\/]server/.test(path) ? contents : numberTexts(contents, numbers) };
    });
  },
};

function inline(expression: string, table: string, name: string): string {
  const code = tables[table]?.[name];
  if (code === undefined) throw new Error(`${expression} is not a code`);
  return String(code);
}
