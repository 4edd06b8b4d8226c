import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { transformerTwoslash } from '@shikijs/vitepress-twoslash';
import ts from 'typescript';
import { root, site } from './repository.ts';

const snippets = join(site, 'snippets');

/** The compiler as the repository's own code has it, so that packages are read from their sources. */
function compilerOptions(): ts.CompilerOptions {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.tests.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: [] }, ts.sys, root);
  return { ...options, jsx: ts.JsxEmit.ReactJSX, noUnusedLocals: false };
}

/** What every block may import beside it, such as `./api.ts`, and `globals.d.ts`, which needs no import. */
function sharedFiles(): Record<string, string> {
  return Object.fromEntries(readdirSync(snippets).map((file) => [file, readFileSync(join(snippets, file), 'utf8')]));
}

/** Type-checks every block that says `twoslash`, and shows the types on hover. A block that does not compile fails the build. */
export function createTwoslash(): ReturnType<typeof transformerTwoslash> {
  return transformerTwoslash({
    twoslashOptions: { vfsRoot: snippets, compilerOptions: compilerOptions(), extraFiles: sharedFiles() },
  });
}
