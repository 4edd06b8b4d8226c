import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { transformerTwoslash } from '@shikijs/vitepress-twoslash';
import { createTwoslasher, type TwoslashVueExecuteOptions } from 'twoslash-vue';
import ts from 'typescript';
import { root, site } from '../repository.ts';
import { findBlocks } from './blocks.ts';
import { collect, EnvironmentCache } from './environment.ts';
import { Workspace } from './workspace.ts';

const snippets = join(site, 'snippets');

/** Type-checks every block that says `twoslash`, and shows the types on hover. A block that does not compile fails the build. */
export function createTwoslash(): ReturnType<typeof transformerTwoslash> {
  const compilerOptions = readCompilerOptions();
  const workspace = new Workspace(snippets, compilerOptions, [join(snippets, 'globals.d.ts')]);
  collect(workspace, (environment) => {
    const run = createRunner(environment, compilerOptions);
    return findBlocks(site).map(
      ({ language, code }) =>
        () =>
          run(code, language),
    );
  });
  return transformerTwoslash({
    twoslasher: createRunner(new EnvironmentCache(workspace), compilerOptions),
    twoslashOptions: { compilerOptions },
  });
}

function createRunner(cache: EnvironmentCache, compilerOptions: ts.CompilerOptions) {
  return (code: string, language = 'ts', options?: TwoslashVueExecuteOptions) => {
    const folder = createHash('sha1').update(code).digest('hex').slice(0, 12);
    const vfsRoot = join(snippets, '.blocks', folder);
    return createTwoslasher({ vfsRoot, compilerOptions, cache })(code, language, options);
  };
}

/** The compiler as the repository's own code has it, so that packages are read from their sources. */
function readCompilerOptions(): ts.CompilerOptions {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.tests.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: [] }, ts.sys, root);
  return { ...options, jsx: ts.JsxEmit.ReactJSX, moduleDetection: ts.ModuleDetectionKind.Force, noUnusedLocals: false };
}
